//! PostgreSQL's own programs: found, run, and what they say where they fail.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::Command;

use super::CopyError;
use super::address::for_programs;

/// Where Debian keeps the programs of each version; the newest reads what older ones wrote.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";

/// A program with arguments.
#[derive(Debug)]
pub(super) struct Program {
    name: &'static str,
    arguments: Vec<std::ffi::OsString>,
    password: Option<String>,
}

impl Program {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            arguments: Vec::new(),
            password: None,
        }
    }

    pub(super) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Names the database; its password is not among the arguments.
    pub(super) fn database(mut self, address: &str) -> Self {
        let address = for_programs(address);
        self.password = address.password;
        self.arg("--no-password").arg("--dbname").arg(address.uri)
    }

    /// Runs it to its end. Dropped, it is killed.
    ///
    /// # Errors
    /// [`CopyError::ProgramMissing`] and [`CopyError::ProgramFailed`].
    pub(super) async fn run(self) -> Result<(), CopyError> {
        let candidates = std::iter::once(PathBuf::from(self.name)).chain(self.of_debian());
        for program in candidates {
            let mut command = Command::new(program);
            command
                .args(&self.arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .kill_on_drop(true);
            if let Some(password) = &self.password {
                command.env("PGPASSWORD", password);
            }
            match command.output().await {
                Ok(output) if output.status.success() => return Ok(()),
                Ok(output) => {
                    let said = String::from_utf8_lossy(&output.stderr);
                    return Err(self.failed(&format!("{said}\n{}", output.status)));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(self.failed(&error.to_string())),
            }
        }
        Err(CopyError::ProgramMissing { program: self.name })
    }

    fn failed(&self, said: &str) -> CopyError {
        // Its first line says what is wrong; further ones repeat the statement.
        let reason = said.trim().lines().next().unwrap_or_default();
        CopyError::ProgramFailed {
            program: self.name,
            reason: reason.to_owned(),
        }
    }

    fn of_debian(&self) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(DEBIAN_FOLDER).into_iter().flatten();
        let mut versions: Vec<(u32, PathBuf)> = folders
            .filter_map(|folder| {
                let path = folder.ok()?.path();
                let version = path.file_name()?.to_str()?.parse().ok()?;
                Some((version, path.join("bin").join(self.name)))
            })
            .collect();
        versions.sort_unstable_by(|a, b| b.cmp(a));
        versions.into_iter().map(|(_, path)| path).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_program_that_is_not_there_is_named_with_what_to_install() {
        let error = Program::new("pg_dump_of_nobody").run().await.unwrap_err();

        let said = error.to_string();
        assert!(said.contains("pg_dump_of_nobody"), "{said}");
        assert!(said.contains("postgresql-client"), "{said}");
    }
}
