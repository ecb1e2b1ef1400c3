//! What is checked of the web app, and how it gets into the binaries that we build.

use std::{env, ffi::OsString};

/// Rows of the table and the npm scripts behind them. The budget is that of a fresh build.
pub(crate) const CHECKS: [(&str, &[&str]); 2] = [
    ("ui types and format", &["lint"]),
    ("ui budget", &["build", "budget"]),
];

/// `RAPPORT_UI` for our builds: a folder that the caller names, else the app itself or a failure.
/// One value for all chores, because a change of it builds the crates above `rapport-ui` again.
pub(crate) fn mode() -> OsString {
    let named = env::var_os("RAPPORT_UI").unwrap_or_default();
    if ["", "auto", "skip"].iter().any(|value| named == *value) {
        return "require".into();
    }
    named
}
