//! Data files.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use flate2::read::GzDecoder;

/// Opens a compressed file of a data set.
///
/// # Errors
/// The file cannot be opened: the message says which, and where else it may be.
pub(crate) fn open_gzip(path: &Path) -> Result<GzDecoder<BufReader<File>>, String> {
    let file = File::open(path).map_err(|error| {
        format!(
            "{}: {error}; say with --data FOLDER where the file is",
            path.display()
        )
    })?;
    Ok(GzDecoder::new(BufReader::new(file)))
}
