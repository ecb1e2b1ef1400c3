//! Node.js and the web app's dependencies.

use anyhow::{Context, Result, anyhow, bail};

use crate::{tool::Tool, workspace::Workspace};

#[path = "../../ui/build/install.rs"]
mod install;

/// The oldest release that all tools of the web app run on.
const OLDEST: (u32, u32) = (20, 19);

/// Checks Node.js and npm and installs the web app's dependencies if they are not what its lock
/// file says. Returns a few words on what was found.
pub(crate) fn prepare(workspace: &Workspace) -> Result<String> {
    let node = version("node")?;
    let release = parse(&node).with_context(|| format!("`node --version` printed `{node}`"))?;
    if release < OLDEST {
        let (major, minor) = OLDEST;
        bail!(
            "Node.js {node} is too old; install {major}.{minor} or newer from https://nodejs.org"
        );
    }
    let npm = version(if cfg!(windows) { "npm.cmd" } else { "npm" })?;

    let installed = install_dependencies(workspace)?;
    let dependencies = if installed { "installed" } else { "up to date" };
    Ok(format!(
        "node {node}, npm {npm}, dependencies {dependencies}"
    ))
}

fn install_dependencies(workspace: &Workspace) -> Result<bool> {
    let lock = install::NpmLock::wait(&workspace.root().join("crates/ui"));
    lock.and_then(|held| install::install(&workspace.ui(), &held))
        .map_err(|reason| anyhow!(reason))
}

fn version(program: &str) -> Result<String> {
    let printed = Tool::new(program)
        .args(["--version"])
        .output()
        .context("the web app needs Node.js 20.19 or newer with npm (Debian: apt-get install nodejs npm, or https://nodejs.org)")?;
    Ok(printed.trim().trim_start_matches('v').to_owned())
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_compare_as_numbers() {
        assert!(parse("20.9.0") < Some(OLDEST));
        assert!(parse("20.19.0") >= Some(OLDEST));
        assert!(parse("22.1.0") >= Some(OLDEST));
        assert_eq!(parse("twenty"), None);
    }
}
