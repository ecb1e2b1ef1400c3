//! A Chromium for the stories: found, or installed where we may.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::tool::Tool;

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
    let packages = DEBIAN_PACKAGES.join(" ");
    if !Path::new("/etc/debian_version").exists() {
        bail!("no Chromium found; install Chromium or Chrome, or set RAPPORT_CHROMIUM to its path");
    }
    if !is_root() {
        bail!("no Chromium found; install it: sudo apt-get install -y {packages}");
    }
    install().with_context(|| format!("could not run: apt-get install -y {packages}"))?;
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

fn is_root() -> bool {
    Tool::new("id")
        .args(["-u"])
        .output()
        .is_ok_and(|user| user.trim() == "0")
}

fn install() -> Result<()> {
    let apt_get = || Tool::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive");
    apt_get().args(["update", "-q"]).run()?;
    apt_get()
        .args(["install", "-q", "-y", "--no-install-recommends"])
        .args(DEBIAN_PACKAGES)
        .run()
}
