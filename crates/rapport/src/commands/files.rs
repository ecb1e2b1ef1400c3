//! The files that a command is given: checked before anything is made, and told apart by content.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

use crate::output::BadInput;

/// Bytes that are read at once.
const BLOCK_BYTES: usize = 256 * 1024;

/// Says what is wrong with a file, before anything is made of any.
pub(super) fn check_readable(files: &[PathBuf]) -> Result<()> {
    for path in files {
        match File::open(path).and_then(|file| file.metadata()) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => bail!(BadInput(format!(
                "{} is not a file; name a file",
                path.display()
            ))),
            Err(error) => return Err(unreadable(path, &error)),
        }
    }
    Ok(())
}

/// A few characters that stand for the content of all files in their order.
pub(super) fn fingerprint(files: &[PathBuf]) -> Result<String> {
    let mut hash = Sha256::new();
    for path in files {
        let digest = digest(path).map_err(|error| unreadable(path, &error))?;
        hash.update(digest);
    }
    let bytes = hash.finalize();
    Ok(bytes[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Whether two files hold the same; a file that is not there holds nothing that another does.
pub(super) fn is_same(a: &Path, b: &Path) -> bool {
    let n_bytes = |path: &Path| path.metadata().ok().map(|metadata| metadata.len());
    n_bytes(a).is_some()
        && n_bytes(a) == n_bytes(b)
        && matches!((digest(a), digest(b)), (Ok(a), Ok(b)) if a == b)
}

/// The name of a file, for people.
pub(super) fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn digest(path: &Path) -> io::Result<[u8; 32]> {
    let (mut file, mut hash) = (File::open(path)?, Sha256::new());
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hash.finalize().into()),
            n_bytes => hash.update(&block[..n_bytes]),
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> anyhow::Error {
    BadInput(format!("cannot read {}: {error}", path.display())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_content_and_not_by_name() {
        let dir = tempfile::TempDir::new().unwrap();
        let file = |name: &str, content: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, content).unwrap();
            path
        };
        let (a, b, c) = (file("a", "1"), file("b", "1"), file("c", "2"));
        let print = |files: &[&PathBuf]| {
            let files: Vec<_> = files.iter().map(|&path| path.clone()).collect();
            fingerprint(&files).unwrap()
        };

        assert!(is_same(&a, &b) && !is_same(&a, &c));
        assert!(!is_same(&a, &dir.path().join("missing")));
        assert_eq!(print(&[&a, &c]), print(&[&b, &c]));
        assert_ne!(print(&[&a]), print(&[&a, &c]));
        assert_ne!(print(&[&a]), print(&[&c]));
    }
}
