//! The binary, run as a user runs it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

pub(crate) fn rapport(data_dir: &Path) -> Command {
    let mut command = bare(data_dir.parent().unwrap_or(data_dir));
    command.arg("--data-dir").arg(data_dir);
    command
}

/// The program in a folder, without a data directory chosen.
pub(crate) fn bare(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command.env("RAPPORT_LOG", "error").current_dir(folder);
    command
}

pub(crate) fn run(command: &mut Command) -> (Output, String) {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, errors)
}

pub(crate) fn write(dir: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A served data directory with one user.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Self {
        let (output, errors) = run(rapport(data).args(["init", "--email", "ada@example.com"]));
        assert!(output.status.success(), "{errors}");
        Self::start_at("127.0.0.1:0", data)
    }

    /// Serves a data directory that is there already.
    pub(crate) fn start_at(listen: &str, data: &Path) -> Self {
        let mut child = rapport(data)
            .args(["serve", "--listen", listen])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().to_owned();
        Self { child, address }
    }

    pub(crate) fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let host = &self.address;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Kills it where it stands, without a farewell.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn stop(&mut self) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where a test failed the server must not outlive it; one that has stopped is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until the first file of events stands in a folder.
pub(crate) fn wait_for(folder: &Path) {
    for _ in 0..3_000 {
        let has_file = std::fs::read_dir(folder).is_ok_and(|mut files| {
            files.any(|file| {
                file.is_ok_and(|f| f.path().extension().is_some_and(|e| e == "parquet"))
            })
        });
        if has_file {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("no event file came up in {}", folder.display());
}
