//! Where fetched weights are.

use std::error::Error;
use std::path::{Path, PathBuf};

/// The folder that `cargo xtask fetch minilm` fills, when none is named.
pub(crate) fn folder(named: Option<PathBuf>) -> Result<PathBuf, Box<dyn Error>> {
    let folder = match named {
        Some(folder) => folder,
        None => std::env::var_os("XDG_CACHE_HOME")
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
            .ok_or("HOME is not set; use --model DIR")?
            .join("rapport/models/minilm"),
    };
    if folder.join("config.json").exists() {
        return Ok(folder);
    }
    let folder = folder.display();
    Err(format!("no model in {folder}; `cargo xtask fetch minilm`, or --model DIR").into())
}
