//! A PostgreSQL of our own for the tests: found or installed, started on a free port, thrown away.

use std::{
    cmp::Reverse,
    env, fs,
    path::{Path, PathBuf},
    process,
};

use anyhow::{Context, Result};

use super::debian;
use crate::{server::free_port, tool::Tool};

const DEBIAN_PACKAGES: [&str; 1] = ["postgresql"];
/// Where Debian keeps the programs, a folder per version.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";
/// The user that Debian's package makes: as root PostgreSQL does not run.
const DEBIAN_USER: &str = "postgres";

/// What a server may lose when the machine stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Nothing that it has acknowledged, as where records are kept.
    Full,
    /// All of it: it holds tests only, and is quicker.
    None,
}

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// What is under way is given up, connections end, the files are put in order.
    Fast,
    /// At once, as by a loss of power; the next start recovers from the log.
    Immediate,
}

impl Stop {
    /// The mode of `pg_ctl stop`.
    pub(crate) const fn mode(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Immediate => "immediate",
        }
    }
}

/// A running server with an empty database, stopped and deleted when dropped.
#[derive(Debug)]
pub(crate) struct Cluster {
    programs: PathBuf,
    /// Owned by whom the server runs as.
    folder: PathBuf,
    port: u16,
    durability: Durability,
}

impl Cluster {
    /// Starts one.
    ///
    /// # Errors
    /// Names what to install.
    pub(crate) fn start(durability: Durability) -> Result<Self> {
        let cluster = Self {
            programs: find_or_install()?,
            // Not below the target folder, which other users may not be allowed to enter.
            folder: env::temp_dir().join(format!("rapport-postgres-{}", process::id())),
            port: free_port()?,
            durability,
        };
        cluster.make_folder()?;
        cluster
            .program("initdb")
            .args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"])
            .args(["--username=postgres", "--no-sync", "--pgdata"])
            .arg(cluster.data())
            .output()?;
        cluster.start_again()?;
        Ok(cluster)
    }

    /// Starts it once it was stopped, and waits until it takes connections.
    pub(crate) fn start_again(&self) -> Result<()> {
        self.program("pg_ctl")
            .args(["start", "--wait", "--silent", "--pgdata"])
            .arg(self.data())
            .arg("--log")
            .arg(self.log())
            .args(["--options", &settings(self.port, self.durability)])
            // What it starts goes on and would hold our output open.
            .run()
            .with_context(|| fs::read_to_string(self.log()).unwrap_or_default())
    }

    /// Stops it and waits for its end.
    pub(crate) fn stop(&self, how: Stop) -> Result<()> {
        let mode = format!("--mode={}", how.mode());
        self.program("pg_ctl")
            .args(["stop", "--wait", "--silent", &mode, "--pgdata"])
            .arg(self.data())
            .output()?;
        Ok(())
    }

    /// For whoever connects.
    pub(crate) fn address(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn make_folder(&self) -> Result<()> {
        fs::create_dir(&self.folder)
            .with_context(|| format!("creating {}", self.folder.display()))?;
        if debian::is_root() {
            Tool::new("chown")
                .arg(DEBIAN_USER)
                .arg(&self.folder)
                .output()?;
        }
        Ok(())
    }

    /// One of PostgreSQL's programs, as a user whom it obeys.
    fn program(&self, name: &str) -> Tool {
        let program = self.programs.join(name);
        let tool = if debian::is_root() {
            Tool::new("setpriv")
                .args([
                    "--reuid",
                    DEBIAN_USER,
                    "--regid",
                    DEBIAN_USER,
                    "--clear-groups",
                ])
                .arg(program)
        } else {
            Tool::new(program)
        };
        tool.dir(&self.folder)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Both fail only where it never ran; what stays is below the system's temporary folder.
        let _ = self.stop(Stop::Immediate);
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What the server is told.
fn settings(port: u16, durability: Durability) -> String {
    let (fsync, shared_buffers) = match durability {
        // A quarter of 8 GiB of memory, as PostgreSQL's handbook advises.
        Durability::Full => ("fsync=on", "shared_buffers=2GB"),
        Durability::None => ("fsync=off", "shared_buffers=128MB"),
    };
    [
        &format!("port={port}"),
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        // Each test has a pool of its own.
        "max_connections=400",
        fsync,
        shared_buffers,
    ]
    .map(|setting| format!("-c {setting}"))
    .join(" ")
}

/// The folder of PostgreSQL's programs: of the one in `PATH` if it has a server, else Debian's newest,
/// else that of a fresh installation.
fn find_or_install() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install(&DEBIAN_PACKAGES).context("no PostgreSQL server found")?;
    find().with_context(|| format!("apt-get installed it, but {DEBIAN_FOLDER} has no server"))
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<PathBuf> = env::split_paths(&path).collect();
    in_path
        .into_iter()
        .chain(folders_of(Path::new(DEBIAN_FOLDER)))
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Folders of programs by their version, the newest first.
fn folders_of(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_comes_first() {
        let root = tempfile::tempdir().unwrap();
        for name in ["9", "17", "15", "README"] {
            fs::create_dir(root.path().join(name)).unwrap();
        }

        let folders = folders_of(root.path());

        let expected = ["17", "15", "9"].map(|version| root.path().join(version).join("bin"));
        assert_eq!(folders, expected);
        assert!(folders_of(&root.path().join("none")).is_empty());
    }
}
