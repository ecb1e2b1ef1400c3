//! Labeled texts of the shared data, and where fetched weights are.

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

/// Texts and their classes: text, tab, label; in ChnSentiCorp the other way around, with a heading.
pub(crate) fn read(set: &str, part: &str) -> Result<Vec<(String, usize)>, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(set)
        .join(format!("{part}.tsv.gz"));
    let file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text)?;
    let mut rows = Vec::new();
    for line in text.lines() {
        let (left, right) = line.split_once('\t').ok_or(format!("no tab in {line:?}"))?;
        let (text, label) = match set {
            "chnsenticorp" => (right, left),
            _ => (left, right),
        };
        if let Ok(label) = label.trim().parse() {
            rows.push((text.to_owned(), label));
        }
    }
    Ok(rows)
}

/// The folder that `cargo xtask fetch minilm` fills, when none is named.
pub(crate) fn model(named: Option<PathBuf>) -> Result<PathBuf, Box<dyn Error>> {
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
