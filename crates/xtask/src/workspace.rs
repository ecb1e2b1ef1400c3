//! The workspace as Cargo sees it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand, Package};

/// Folders and packages of this repository.
#[derive(Debug)]
pub(crate) struct Workspace {
    metadata: Metadata,
}

impl Workspace {
    /// Asks Cargo. Nothing is downloaded: other people's packages are left out.
    pub(crate) fn load() -> Result<Self> {
        let metadata = MetadataCommand::new()
            .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
            .no_deps()
            .exec()
            .context("reading the workspace with `cargo metadata`")?;
        Ok(Self { metadata })
    }

    pub(crate) fn root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    /// Where Cargo builds; follows `CARGO_TARGET_DIR`.
    pub(crate) fn target(&self) -> &Path {
        self.metadata.target_directory.as_std_path()
    }

    /// Our own packages.
    pub(crate) fn packages(&self) -> &[Package] {
        &self.metadata.packages
    }

    /// Sources of the web app.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root().join("ui")
    }

    /// A path as people want to read it: relative to the root.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(self.root()).unwrap_or(path).display()
    }
}
