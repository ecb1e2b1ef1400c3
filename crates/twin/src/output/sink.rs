//! Where files go: a directory, or anything that can give out writers.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// A place for files.
pub trait Sink {
    /// Starts the file of a path such as `truth/people.csv`.
    ///
    /// # Errors
    /// What the system says.
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>>;

    /// Puts all files in place; called once, after the last one is complete.
    ///
    /// # Errors
    /// What the system says.
    fn finish(&mut self) -> io::Result<()>;
}

/// Files in a directory, under temporary names until all of them are complete; then they appear in
/// the order in which they were started.
#[derive(Debug)]
pub struct DirectorySink {
    directory: PathBuf,
    paths: Vec<String>,
}

impl DirectorySink {
    /// A sink into a directory, which is made with the first file.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            paths: Vec::new(),
        }
    }

    fn temporary(&self, path: &str) -> PathBuf {
        self.directory.join(format!("{path}.part"))
    }
}

impl Sink for DirectorySink {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        let temporary = self.temporary(path);
        if let Some(parent) = temporary.parent() {
            fs::create_dir_all(parent)?;
        }
        let file = File::create(temporary)?;
        self.paths.push(path.to_owned());
        Ok(Box::new(BufWriter::with_capacity(1 << 16, file)))
    }

    fn finish(&mut self) -> io::Result<()> {
        for path in &self.paths {
            fs::rename(self.temporary(path), self.directory.join(path))?;
        }
        self.paths.clear();
        Ok(())
    }
}
