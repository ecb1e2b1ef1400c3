//! The web app from its sources.

use std::{ffi::OsStr, path::Path};

use crate::install::{NpmLock, install, npm};

/// What the built app is made from. A folder stands for all that is in it.
const INPUTS: [&str; 10] = [
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "vite.config.js",
    "tsconfig.json",
    "tsconfig.app.json",
    "tsconfig.node.json",
];

/// Builds the app of `source` into `target`; the error says what to do.
pub(crate) fn build(source: &Path, crate_dir: &Path, target: &Path) -> Result<(), String> {
    let manifest = source.join("package.json");
    if !manifest.is_file() {
        return Err(format!(
            "{} not found; check out the whole repository",
            manifest.display()
        ));
    }
    for input in INPUTS
        .map(|name| source.join(name))
        .iter()
        .filter(|path| path.exists())
    {
        println!("cargo::rerun-if-changed={}", input.display());
    }

    let lock = NpmLock::wait(crate_dir)?;
    install(source, &lock)?;
    let arguments = ["run", "build", "--", "--emptyOutDir", "--outDir"].map(OsStr::new);
    npm(source, arguments.into_iter().chain([target.as_os_str()]))?;
    if target.join("index.html").is_file() {
        return Ok(());
    }
    Err("`npm run build` left no index.html; it must pass `--outDir` on to vite".to_owned())
}
