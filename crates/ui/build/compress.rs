//! Compressed twins of the app's text files, made once so that no request has to.

use std::{fs, io, io::Write, path::Path};

use flate2::{Compression, write::GzEncoder};

/// Endings of files that are not compressed already.
const TEXT: [&str; 9] = [
    "html",
    "js",
    "mjs",
    "css",
    "svg",
    "json",
    "webmanifest",
    "txt",
    "map",
];

/// Writes to `to` a compressed copy of each file under `from` that shrinks by a tenth or more.
pub(crate) fn twin(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            twin(&source, &target)?;
            continue;
        }
        let is_text = source
            .extension()
            .and_then(|ending| ending.to_str())
            .is_some_and(|ending| TEXT.contains(&ending));
        if !is_text {
            continue;
        }
        let plain = fs::read(&source)?;
        let compressed = gzip(&plain)?;
        if compressed.len() * 10 <= plain.len() * 9 {
            fs::create_dir_all(to)?;
            fs::write(target, compressed)?;
        }
    }
    Ok(())
}

fn gzip(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}
