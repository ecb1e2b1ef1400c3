//! What `RAPPORT_UI` asks for.

use std::path::PathBuf;

/// Where the web app comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Build it when possible.
    Auto,
    /// Leave it out.
    Skip,
    /// Build it or fail.
    Require,
    /// Take it from this folder.
    Folder(PathBuf),
}

impl Mode {
    pub(crate) fn parse(value: Option<&str>) -> Self {
        match value.unwrap_or_default() {
            "" | "auto" => Self::Auto,
            "skip" => Self::Skip,
            "require" => Self::Require,
            folder => Self::Folder(PathBuf::from(folder)),
        }
    }
}
