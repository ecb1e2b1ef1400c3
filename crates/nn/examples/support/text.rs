//! Compressed files of comma-separated values.

use std::io::Read;
use std::path::Path;

use crate::demo::open_gzip;

/// The lines of a compressed file.
///
/// # Errors
/// The file cannot be read or is no UTF-8: the message says which file.
pub(crate) fn read_gzip(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    open_gzip(path)?
        .read_to_string(&mut text)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text)
}

/// The cells of a line, without blanks around them and quotes about them. A comma within quotes is
/// part of its cell; a cell of many lines, which no set here has, is not known.
pub(crate) fn cells(line: &str) -> Vec<String> {
    let mut is_quoted = false;
    let cells = line.split(|letter| {
        is_quoted ^= letter == '"';
        letter == ',' && !is_quoted
    });
    cells
        .map(|cell| {
            let cell = cell.trim();
            let inside = cell
                .strip_prefix('"')
                .and_then(|cell| cell.strip_suffix('"'));
            inside.map_or_else(|| cell.to_owned(), |cell| cell.replace("\"\"", "\""))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_quotes_is_part_of_its_cell() {
        assert_eq!(
            cells("536365, \"SET 2 TEA TOWELS, 3\"\" WIDE\",6"),
            ["536365", "SET 2 TEA TOWELS, 3\" WIDE", "6"]
        );
        assert_eq!(cells("a,,"), ["a", "", ""]);
    }
}
