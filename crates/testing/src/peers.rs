//! The Python side of benchmarks: libraries that we race against.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the peers' scripts.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/peers")
}

/// The interpreter of the peers' environment, `~/.cache/rapport/venv`, made on first use from
/// `requirements.txt`.
///
/// # Errors
/// There is no home, no Python 3 with venv, or the packages cannot be had.
pub fn python() -> io::Result<PathBuf> {
    let home = env::var_os("HOME")
        .ok_or_else(|| io::Error::other("HOME is not set; use --python PATH"))?;
    let venv = Path::new(&home).join(".cache/rapport/venv");
    let python = venv.join("bin/python");
    let installed = venv.join("requirements.txt");
    let wanted = folder().join("requirements.txt");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    // A copy of the list beside the packages says whether they are the ones that are wanted.
    if std::fs::read(&installed).ok() != Some(std::fs::read(&wanted)?) {
        let mut pip = Command::new(&python);
        run(pip
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(&wanted))?;
        std::fs::copy(&wanted, &installed)?;
    }
    Ok(python)
}

/// What a script of [`folder`] prints, run by the given interpreter or by [`python`]'s.
/// `configure` adds its arguments.
///
/// # Errors
/// As [`python`]; and what the script says on its way out when it fails.
pub fn output(
    interpreter: Option<&Path>,
    script: &str,
    configure: impl FnOnce(&mut Command),
) -> io::Result<Vec<u8>> {
    let interpreter = match interpreter {
        Some(interpreter) => interpreter.to_owned(),
        None => python()?,
    };
    let mut command = Command::new(interpreter);
    command.arg(folder().join(script));
    configure(&mut command);
    let output = command.output()?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{script} failed: {reason}")))
}

fn run(command: &mut Command) -> io::Result<()> {
    if command.status()?.success() {
        return Ok(());
    }
    let message = format!("{command:?} failed; install Python 3 with venv, or use --python PATH");
    Err(io::Error::other(message))
}
