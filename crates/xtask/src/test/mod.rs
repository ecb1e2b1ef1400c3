//! `cargo xtask test`: sets up what the tests need, then runs them.

mod browser;
mod debian;
pub(crate) mod postgres;
mod rust;
mod stories;

use std::{fs, path::PathBuf};

use anyhow::{Result, bail};

use crate::{node, report::Report, tool::Tool, workspace::Workspace};

/// Which tests to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scope {
    rust: bool,
    postgres: bool,
    ui: bool,
    stories: bool,
}

impl Scope {
    /// Reads the flags; none means all.
    pub(crate) fn parse(flags: &[&str]) -> Result<Self> {
        let mut scope = Self {
            rust: false,
            postgres: false,
            ui: false,
            stories: false,
        };
        for flag in flags {
            match *flag {
                "--rust" => scope.rust = true,
                "--postgres" => scope.postgres = true,
                "--ui" => scope.ui = true,
                "--stories" => scope.stories = true,
                other => bail!(
                    "`{other}` is no part of the tests; use --rust, --postgres, --ui or --stories"
                ),
            }
        }
        if flags.is_empty() {
            scope = Self {
                rust: true,
                postgres: true,
                ui: true,
                stories: true,
            };
        }
        Ok(scope)
    }
}

/// Runs the tests of `scope`. The table and Cargo's closing line come last.
pub(crate) fn run(workspace: &Workspace, scope: Scope) -> Result<()> {
    let mut report = Report::new("cargo xtask test");
    let mut closing = None;

    let has_node = (scope.ui || scope.stories)
        && report
            .step("node and npm", |note| {
                *note = node::prepare(workspace)?;
                Ok(())
            })
            .is_some();
    let browser = if scope.stories {
        report.step("browser", |note| {
            let browser = browser::find_or_install()?;
            *note = browser.display().to_string();
            Ok(browser)
        })
    } else {
        None
    };

    if scope.rust {
        report.step("rust tests", |note| {
            let mut totals = rust::Totals::default();
            let result = rust::run(workspace, scope.stories, &mut totals);
            *note = totals.note();
            closing = totals.closing_line();
            result
        });
    }
    if scope.postgres {
        let cluster = report.step("PostgreSQL", |note| {
            let cluster = postgres::Cluster::start(postgres::Durability::None)?;
            *note = cluster.address();
            Ok(cluster)
        });
        run_on_postgres(workspace, scope.stories, &mut report, cluster.as_ref());
    }
    if scope.ui {
        if has_node {
            report.step("ui unit tests", |_| {
                Tool::npm(&workspace.ui()).args(["test"]).run()
            });
        } else {
            report.not_run("ui unit tests", "needs node and npm");
        }
    }
    if scope.stories {
        run_stories(workspace, &mut report, browser.filter(|_| has_node));
    }

    conclude(workspace, &report, closing)
}

/// Whatever keeps records is tested once more on the other database.
fn run_on_postgres(
    workspace: &Workspace,
    with_web_app: bool,
    report: &mut Report,
    cluster: Option<&postgres::Cluster>,
) {
    let Some(cluster) = cluster else {
        report.not_run("rust tests on PostgreSQL", "needs PostgreSQL");
        return;
    };
    report.step("rust tests on PostgreSQL", |note| {
        let mut totals = rust::Totals::default();
        let result =
            rust::run_on_postgres(workspace, with_web_app, &cluster.address(), &mut totals);
        *note = totals.note();
        result
    });
}

/// Runs the tests of networks on a device of this name.
pub(crate) fn run_on(workspace: &Workspace, device: &str) -> Result<()> {
    let mut report = Report::new("cargo xtask test --device");
    let mut totals = rust::Totals::default();
    report.step("network tests", |note| {
        let result = rust::run_networks_on(workspace, device, &mut totals);
        *note = totals.note();
        result
    });
    conclude(workspace, &report, totals.closing_line())
}

fn run_stories(workspace: &Workspace, report: &mut Report, browser: Option<PathBuf>) {
    let Some(browser) = browser else {
        report.not_run("stories", "needs node, npm and a browser");
        return;
    };
    let Some(binary) = report.step("binary with web app", |_| stories::build(workspace)) else {
        report.not_run("stories", "needs the binary");
        return;
    };
    report.step("stories", |note| {
        *note = stories::run(workspace, &binary, &browser)?;
        Ok(())
    });
}

/// Prints the closing lines and leaves a copy under the target folder, for whoever runs more
/// after the tests.
fn conclude(workspace: &Workspace, report: &Report, closing: Option<String>) -> Result<()> {
    let mut text = report.table();
    if let Some(line) = closing {
        text.push_str(&line);
        text.push('\n');
    }
    println!("\n{text}");
    let folder = workspace.target().join("xtask");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("test-summary.txt"), text)?;
    report.verdict()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_flag_means_everything() {
        let scope = Scope::parse(&[]).unwrap();

        assert_eq!(
            scope,
            Scope {
                rust: true,
                postgres: true,
                ui: true,
                stories: true
            }
        );
    }

    #[test]
    fn flags_add_up() {
        let scope = Scope::parse(&["--ui", "--rust"]).unwrap();

        assert_eq!(
            scope,
            Scope {
                rust: true,
                postgres: false,
                ui: true,
                stories: false
            }
        );
        assert!(Scope::parse(&["--all"]).is_err());
    }
}
