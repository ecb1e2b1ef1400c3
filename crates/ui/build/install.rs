//! The web app's dependencies: installed once per `package-lock.json`, by one process at a time.
//!
//! Two programs need them, this crate's build script and `cargo xtask`, which includes this file;
//! so it needs nothing but the standard library.

use std::{
    ffi::OsStr,
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
};

/// A copy of the lock file, made after a complete installation. It lives where npm wipes it.
const STAMP: &str = "node_modules/.rapport-package-lock.json";

/// Held while npm works in `ui/`; freed when dropped or when the process dies.
#[derive(Debug)]
pub(crate) struct NpmLock {
    _file: File,
}

impl NpmLock {
    /// Waits until no other build runs npm. `crate_dir` is the folder of `rapport-ui`.
    pub(crate) fn wait(crate_dir: &Path) -> Result<Self, String> {
        let path = crate_dir.join("npm.lock");
        let describe = |error| format!("cannot lock {}: {error}", path.display());
        let file = File::create(&path).map_err(describe)?;
        file.lock().map_err(describe)?;
        Ok(Self { _file: file })
    }
}

/// Runs `npm ci` in `ui` unless what is installed already follows the lock file.
/// Returns whether npm ran.
pub(crate) fn install(ui: &Path, _held: &NpmLock) -> Result<bool, String> {
    let lock_path = ui.join("package-lock.json");
    let wanted = fs::read(&lock_path)
        .map_err(|error| format!("cannot read {}: {error}", lock_path.display()))?;
    let stamp = ui.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(false);
    }
    npm(ui, ["ci", "--include=dev", "--no-audit", "--no-fund"])?;
    fs::write(&stamp, wanted)
        .map_err(|error| format!("cannot write {}: {error}", stamp.display()))?;
    Ok(true)
}

/// Runs npm in `ui` without input. The error holds the end of what it printed.
pub(crate) fn npm<S: AsRef<OsStr>>(
    ui: &Path,
    arguments: impl IntoIterator<Item = S>,
) -> Result<(), String> {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command
        .args(arguments)
        .current_dir(ui)
        .stdin(Stdio::null())
        .env_remove("NODE_ENV");
    let shown: Vec<_> = command
        .get_args()
        .map(|argument| argument.to_string_lossy())
        .collect();
    let shown = shown.join(" ");
    let output = command.output().map_err(|error| {
        format!("cannot run npm ({error}); install Node.js 20.19 or newer, which brings npm")
    })?;
    if output.status.success() {
        return Ok(());
    }
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    let lines: Vec<&str> = printed.lines().filter(|line| !line.is_empty()).collect();
    let end = lines[lines.len().saturating_sub(25)..].join("\n");
    Err(format!(
        "`npm {shown}` in {} failed ({}):\n{end}",
        ui.display(),
        output.status
    ))
}
