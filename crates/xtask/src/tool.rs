//! Running other programs, with what they print passed on.

use std::{
    env,
    ffi::OsStr,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// A command that is shown before it runs and fails loudly.
#[derive(Debug)]
pub(crate) struct Tool {
    command: Command,
}

impl Tool {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self { command }
    }

    /// The Cargo that runs this program, in a clean environment.
    ///
    /// `cargo run` tells us about our own package in variables that build scripts of others also
    /// watch; passing them on would build those twice.
    pub(crate) fn cargo(root: &Path) -> Self {
        let mut tool = Self::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).dir(root);
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            let is_about_us = name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || [
                    "CARGO_BIN_NAME",
                    "CARGO_CRATE_NAME",
                    "CARGO_PRIMARY_PACKAGE",
                    "OUT_DIR",
                ]
                .contains(&&*name);
            if is_about_us {
                tool.command.env_remove(&*name);
            }
        }
        tool
    }

    /// npm in the web app's folder.
    pub(crate) fn npm(ui: &Path) -> Self {
        Self::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
            .dir(ui)
            .env("CI", "true")
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs to the end; output goes where ours goes.
    pub(crate) fn run(mut self) -> Result<()> {
        println!("$ {}", self.shown());
        let status = self.command.status().with_context(|| self.cannot_start())?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown());
        }
        Ok(())
    }

    /// Like [`run`](Self::run), and shows each line of standard output to `look` as it passes.
    pub(crate) fn run_watched(mut self, mut look: impl FnMut(&str)) -> Result<()> {
        println!("$ {}", self.shown());
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| self.cannot_start())?;
        let stdout = child.stdout.take().expect("standard output is a pipe");
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.context("reading what the command prints")?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            look(&line);
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown());
        }
        Ok(())
    }

    /// Runs to the end and returns what it printed to standard output.
    pub(crate) fn output(mut self) -> Result<String> {
        let output = self.command.output().with_context(|| self.cannot_start())?;
        if !output.status.success() {
            let printed = String::from_utf8_lossy(&output.stderr);
            bail!(
                "`{}` failed ({}): {}",
                self.shown(),
                output.status,
                printed.trim()
            );
        }
        String::from_utf8(output.stdout).with_context(|| format!("output of `{}`", self.shown()))
    }

    /// The command itself, for one that is not waited for.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    fn cannot_start(&self) -> String {
        format!(
            "cannot start `{}`; is it installed and in PATH?",
            self.program()
        )
    }

    fn program(&self) -> String {
        let program = Path::new(self.command.get_program());
        program
            .file_name()
            .unwrap_or(program.as_os_str())
            .to_string_lossy()
            .into_owned()
    }

    fn shown(&self) -> String {
        let arguments = self
            .command
            .get_args()
            .map(|argument| argument.to_string_lossy());
        let mut shown = self.program();
        for argument in arguments {
            shown.push(' ');
            shown.push_str(&argument);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_names_the_command() {
        let error = Tool::new("cargo")
            .args(["no-such-command-exists"])
            .output()
            .unwrap_err();

        assert!(
            error
                .to_string()
                .contains("`cargo no-such-command-exists` failed"),
            "{error}"
        );
    }

    #[test]
    fn missing_program_says_what_to_do() {
        let error = Tool::new("no-such-program-exists").run().unwrap_err();

        assert!(
            error.to_string().contains("is it installed and in PATH?"),
            "{error}"
        );
    }

    #[test]
    fn watcher_sees_every_line() {
        let mut lines = Vec::new();

        Tool::new("cargo")
            .args(["--version", "--verbose"])
            .run_watched(|line| lines.push(line.to_owned()))
            .unwrap();

        assert!(lines.len() > 1);
        assert!(lines[0].starts_with("cargo "));
    }
}
