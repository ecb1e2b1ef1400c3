//! The Rust tests, counted as they pass by.

use anyhow::{Result, bail};

use crate::{check, tool::Tool, workspace::Workspace};

/// Sums over all test programs.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Totals {
    programs: u64,
    passed: u64,
    failed: u64,
    ignored: u64,
    seconds: f64,
}

/// `cargo test --workspace`, counted into `totals` even if it fails. The stories use the same
/// build, so it holds the web app when they are to run.
pub(crate) fn run(workspace: &Workspace, with_web_app: bool, totals: &mut Totals) -> Result<()> {
    let mut cargo = Tool::cargo(workspace.root()).args(["test", "--workspace", "--no-fail-fast"]);
    if with_web_app {
        cargo = cargo.env("RAPPORT_UI", check::ui::mode());
    }
    run_counted(cargo, totals)
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
