//! A Chromium for the stories: found, or installed where we may.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, bail};

use super::debian;

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// With fonts, so that the Chinese screens show characters rather than boxes.
const DEBIAN_PACKAGES: [&str; 2] = ["chromium", "fonts-noto-cjk"];

/// The browser's path: `RAPPORT_CHROMIUM`, one in `PATH`, or a fresh installation when this is
/// Debian and we are root.
///
/// # Errors
/// Names the command that installs one.
pub(crate) fn find_or_install() -> Result<PathBuf> {
    if let Some(named) = env::var_os("RAPPORT_CHROMIUM").filter(|value| !value.is_empty()) {
        let named = PathBuf::from(named);
        if named.is_file() {
            return Ok(named);
        }
        bail!(
            "RAPPORT_CHROMIUM={} is no file; name a Chromium or Chrome",
            named.display()
        );
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install(&DEBIAN_PACKAGES).context(
        "no Chromium found; install Chromium or Chrome, or set RAPPORT_CHROMIUM to its path",
    )?;
    find().context("apt-get installed chromium, but none of its names is in PATH")
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}
