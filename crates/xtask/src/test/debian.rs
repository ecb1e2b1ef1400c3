//! What tests need from Debian's packages.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::tool::Tool;

/// Installs packages where this is Debian and we are root.
///
/// # Errors
/// Names the command that installs them, or says that this is no Debian.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if !Path::new("/etc/debian_version").exists() {
        bail!("this is no Debian");
    }
    if !is_root() {
        bail!("install it: sudo apt-get install -y {names}");
    }
    run(packages).with_context(|| format!("could not run: apt-get install -y {names}"))
}

pub(crate) fn is_root() -> bool {
    Tool::new("id")
        .args(["-u"])
        .output()
        .is_ok_and(|user| user.trim() == "0")
}

fn run(packages: &[&str]) -> Result<()> {
    let apt_get = || Tool::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive");
    apt_get().args(["update", "-q"]).run()?;
    apt_get()
        .args(["install", "-q", "-y", "--no-install-recommends"])
        .args(packages)
        .run()
}
