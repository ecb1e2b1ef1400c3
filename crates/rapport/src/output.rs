//! What goes to standard output and standard error, and with which exit code a failure ends.

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

/// A mistake in what was asked for: bad arguments or unreadable data. Ends with code 2.
#[derive(Debug)]
pub(crate) struct BadInput(pub(crate) String);

impl std::fmt::Display for BadInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadInput {}

/// One line on standard output.
pub(crate) fn line(text: &str) {
    // A reader that went away (`| head`) is no reason to fail.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// One JSON object on standard output.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(&serde_json::to_string(value)?);
    Ok(())
}

/// One clear line on standard error.
pub(crate) fn error(error: &anyhow::Error) {
    let _ = writeln!(std::io::stderr(), "rapport: {error:#}");
}

/// 2 for bad input, 1 for every other failure.
pub(crate) fn exit_code(error: &anyhow::Error) -> ExitCode {
    let is_bad_input = error.chain().any(|cause| cause.is::<BadInput>());
    ExitCode::from(if is_bad_input { 2 } else { 1 })
}
