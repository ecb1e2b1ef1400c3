//! Stories of users in a real browser against the real binary.

use std::{
    env::consts::EXE_SUFFIX,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use crate::{check, server::Server, tool::Tool, workspace::Workspace};

/// Enough customers for every screen to have something on it, few enough to be made in seconds.
const N_CUSTOMERS: u32 = 300;

/// Builds the binary with the web app inside.
///
/// `--tests` is not idle: with it Cargo picks the same features as for `cargo test --workspace`,
/// so that nothing but the binary itself is built.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    Tool::cargo(workspace.root())
        .args(["build", "--workspace", "--tests", "--bin", "rapport"])
        .env("RAPPORT_UI", check::ui::mode())
        .run()?;
    let binary = workspace
        .target()
        .join("debug")
        .join(format!("rapport{EXE_SUFFIX}"));
    if !binary.is_file() {
        bail!("{} was not built", binary.display());
    }
    Ok(binary)
}

/// Runs all stories; returns a few words on the server they ran against.
pub(crate) fn run(workspace: &Workspace, binary: &Path, browser: &Path) -> Result<String> {
    let folder = workspace.target().join("xtask").join("stories");
    let server = Server::start(Tool::new(binary), &folder, N_CUSTOMERS)?;
    let login = server.login();
    let result = Tool::npm(&workspace.ui())
        .args(["run", "e2e"])
        .env("RAPPORT_URL", &login.url)
        .env("RAPPORT_EMAIL", &login.email)
        .env("RAPPORT_PASSWORD", &login.password)
        .env("RAPPORT_CHROMIUM", browser)
        .run();
    if result.is_err() {
        eprintln!("{}", server.log());
    }
    result.map(|()| format!("{N_CUSTOMERS} customers on {}", login.url))
}
