//! `cargo xtask check`: everything about the code that needs no run of it.

mod layers;
mod packages;
mod tidy;
pub(crate) mod ui;

use anyhow::{Result, bail};

use crate::{node, report::Report, tool::Tool, workspace::Workspace};

/// Names of all checks, quick ones first.
const NAMES: [&str; 8] = [
    "format",
    "layers",
    "packages",
    "tidy",
    "lints",
    "docs",
    "ui",
    "advisories",
];

/// The checks to run.
#[derive(Debug)]
pub(crate) struct Chosen(Vec<&'static str>);

impl Chosen {
    /// Reads names of checks; none means all.
    pub(crate) fn parse(names: &[&str]) -> Result<Self> {
        if let Some(unknown) = names.iter().find(|name| !NAMES.contains(name)) {
            bail!("`{unknown}` is no check; there are {}", NAMES.join(", "));
        }
        let chosen = NAMES
            .into_iter()
            .filter(|name| names.is_empty() || names.contains(name));
        Ok(Self(chosen.collect()))
    }
}

/// Runs the chosen checks and does not stop at the first that fails.
pub(crate) fn run(workspace: &Workspace, chosen: &Chosen) -> Result<()> {
    let mut report = Report::new("cargo xtask check");
    for name in &chosen.0 {
        match *name {
            "ui" => web_app(workspace, &mut report),
            "advisories" => advisories(workspace, &mut report),
            name => {
                report.step(name, |note| {
                    *note = code(workspace, name)?;
                    Ok(())
                });
            }
        }
    }
    println!("\n{}", report.table());
    report.verdict()
}

/// Runs a check of the Rust code; returns a few words on what it looked at.
fn code(workspace: &Workspace, name: &str) -> Result<String> {
    let cargo = || Tool::cargo(workspace.root()).env("RAPPORT_UI", ui::mode());
    match name {
        "format" => cargo().args(["fmt", "--all", "--check"]).run()?,
        "layers" => {
            none_of(&layers::violations(workspace.packages()))?;
            return Ok(format!("{} crates", workspace.packages().len()));
        }
        "packages" => {
            let (n_packages, violations) = packages::violations(workspace)?;
            none_of(&violations)?;
            return Ok(format!(
                "{n_packages} packages: licences, versions, who may name them"
            ));
        }
        "tidy" => {
            let (n_files, violations) = tidy::violations(workspace)?;
            none_of(&violations)?;
            return Ok(format!("{n_files} files"));
        }
        "lints" => cargo()
            .args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ])
            .run()?,
        "docs" => cargo()
            .args(["doc", "--workspace", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .run()?,
        _ => bail!("`{name}` is no check of the Rust code"),
    }
    Ok(String::new())
}

fn web_app(workspace: &Workspace, report: &mut Report) {
    let has_node = report.step("node and npm", |note| {
        *note = node::prepare(workspace)?;
        Ok(())
    });
    for (name, scripts) in ui::CHECKS {
        if has_node.is_none() {
            report.not_run(name, "needs node and npm");
            continue;
        }
        report.step(name, |_| {
            for script in scripts {
                Tool::npm(&workspace.ui()).args(["run", script]).run()?;
            }
            Ok(())
        });
    }
}

/// Known vulnerabilities are a matter of today's list, not of our code, and the list is on the
/// internet; so they are looked up where cargo-deny is there to do it.
fn advisories(workspace: &Workspace, report: &mut Report) {
    let cargo = || Tool::cargo(workspace.root()).args(["deny"]);
    if cargo().args(["--version"]).output().is_ok() {
        report.step("advisories", |_| {
            cargo().args(["check", "advisories"]).run()
        });
    } else {
        report.note(
            "advisories",
            "not looked up; for that: cargo install cargo-deny",
        );
    }
}

fn none_of(violations: &[String]) -> Result<()> {
    if violations.is_empty() {
        return Ok(());
    }
    bail!("{} to mend\n{}", violations.len(), violations.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_run_in_their_own_order() {
        assert_eq!(
            Chosen::parse(&["tidy", "format"]).unwrap().0,
            ["format", "tidy"]
        );
        assert_eq!(Chosen::parse(&[]).unwrap().0, NAMES);
        assert!(Chosen::parse(&["speling"]).is_err());
    }
}
