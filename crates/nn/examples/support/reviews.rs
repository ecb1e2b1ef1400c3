//! Reviews of the shared data with what they feel.

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;

/// Texts and their classes: text, tab, label; in ChnSentiCorp the other way around, with a heading.
pub(crate) fn read(set: &str, part: &str) -> Result<Vec<(String, usize)>, Box<dyn Error>> {
    let text = unpacked(set, &format!("{part}.tsv.gz"))?;
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

/// A file of the shared data, unpacked.
pub(crate) fn unpacked(set: &str, name: &str) -> Result<String, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(set)
        .join(name);
    let file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text)?;
    Ok(text)
}
