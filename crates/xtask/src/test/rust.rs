//! The Rust tests, counted as they pass by.

use std::path::PathBuf;

use anyhow::{Result, bail};
use cargo_metadata::Message;

use crate::{check, tool::Tool, workspace::Workspace};

/// Packages whose tests run on PostgreSQL, too, where `RAPPORT_TEST_POSTGRES` names a server.
const ON_BOTH_DATABASES: [&str; 3] = ["rapport-store", "rapport-pipelines", "rapport-server"];

/// Sums over all test programs.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Totals {
    programs: u64,
    passed: u64,
    failed: u64,
    ignored: u64,
    seconds: f64,
}

/// `cargo test --workspace`, counted into `totals` even if it fails.
pub(crate) fn run(workspace: &Workspace, with_web_app: bool, totals: &mut Totals) -> Result<()> {
    run_counted(
        test_all(workspace, with_web_app).arg("--no-fail-fast"),
        totals,
    )
}

/// The stories use the same build, so it holds the web app when they are to run.
fn test_all(workspace: &Workspace, with_web_app: bool) -> Tool {
    let cargo = Tool::cargo(workspace.root()).args(["test", "--workspace"]);
    if with_web_app {
        return cargo.env("RAPPORT_UI", check::ui::mode());
    }
    cargo
}

/// The tests of networks on a device of this name, with what it takes compiled in; counted likewise.
///
/// One test at a time: they share the device.
pub(crate) fn run_networks_on(
    workspace: &Workspace,
    device: &str,
    totals: &mut Totals,
) -> Result<()> {
    let mut cargo = Tool::cargo(workspace.root())
        .args(["test", "-p", "rapport-nn", "--no-fail-fast"])
        .env("RAPPORT_TEST_DEVICE", device);
    if device.starts_with("cuda") {
        cargo = cargo.args(["--features", "cuda"]);
    }
    run_counted(cargo.args(["--", "--test-threads", "1"]), totals)
}

/// The tests of what keeps records, on a PostgreSQL server; counted likewise.
///
/// Run program by program from the build of all: choosing packages would build them anew.
pub(crate) fn run_on_postgres(
    workspace: &Workspace,
    with_web_app: bool,
    address: &str,
    totals: &mut Totals,
) -> Result<()> {
    let mut failed = Vec::new();
    for (folder, program) in programs(workspace, with_web_app)? {
        let test = Tool::new(&program)
            .dir(&folder)
            .env("RAPPORT_TEST_POSTGRES", address);
        if let Err(error) = test.run_watched(|line| totals.add(line)) {
            failed.push(format!("{error:#}"));
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("; "));
    }
    if totals.passed == 0 {
        bail!(
            "no test program of {} was built",
            ON_BOTH_DATABASES.join(", ")
        );
    }
    Ok(())
}

/// Test programs of the packages that keep records, each with the folder that it runs in.
fn programs(workspace: &Workspace, with_web_app: bool) -> Result<Vec<(PathBuf, PathBuf)>> {
    let build = test_all(workspace, with_web_app)
        .args(["--no-run", "--message-format=json"])
        .output()?;
    let mut programs = Vec::new();
    for message in Message::parse_stream(build.as_bytes()) {
        let Message::CompilerArtifact(artifact) = message? else {
            continue;
        };
        let package = workspace
            .packages()
            .iter()
            .find(|package| package.id == artifact.package_id);
        let Some(package) = package.filter(|p| ON_BOTH_DATABASES.contains(&p.name.as_str())) else {
            continue;
        };
        if let Some(program) = artifact.executable.filter(|_| artifact.profile.test) {
            let folder = package
                .manifest_path
                .parent()
                .expect("a manifest lies in a folder");
            programs.push((folder.into(), program.into()));
        }
    }
    Ok(programs)
}

fn run_counted(cargo: Tool, totals: &mut Totals) -> Result<()> {
    cargo.run_watched(|line| totals.add(line))?;
    if totals.passed == 0 {
        bail!("`cargo test` ran no test; is `default-members` or a filter in the way?");
    }
    Ok(())
}

impl Totals {
    /// Adds a line if it closes a test program:
    /// `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
    fn add(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ") else {
            return;
        };
        self.programs += 1;
        // The verdict stands before the first count and ends with a period.
        let (_, counts) = counts.split_once(". ").unwrap_or_default();
        for part in counts.split("; ") {
            if let Some(seconds) = part.strip_prefix("finished in ") {
                self.seconds += seconds.trim_end_matches('s').parse().unwrap_or(0.0);
                continue;
            }
            let Some((count, what)) = part.split_once(' ') else {
                continue;
            };
            let count: u64 = count.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }

    pub(crate) fn note(&self) -> String {
        format!("{} tests in {} programs", self.passed, self.programs)
    }

    /// One line in Cargo's own form for all programs together, if any ran.
    pub(crate) fn closing_line(&self) -> Option<String> {
        if self.programs == 0 {
            return None;
        }
        let verdict = if self.failed == 0 { "ok" } else { "FAILED" };
        Some(format!(
            "test result: {verdict}. {} passed; {} failed; {} ignored; 0 measured; 0 filtered out; finished in {:.2}s",
            self.passed, self.failed, self.ignored, self.seconds
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_all_programs_are_summed() {
        let mut totals = Totals::default();

        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.25s",
            "test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.50s",
            "all doctests ran in 0.45s; merged doctests compilation took 0.45s",
        ] {
            totals.add(line);
        }

        assert_eq!(
            totals,
            Totals {
                programs: 2,
                passed: 4,
                failed: 2,
                ignored: 1,
                seconds: 1.75
            }
        );
        assert_eq!(
            totals.closing_line().unwrap(),
            "test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.75s"
        );
    }
}
