//! Delimiter and header: the layout under which the first rows agree with one another.

use crate::mapping;
use crate::raw::{Dialect, Parsed, Record, parse_record};
use crate::value::{date, decimal, text};
use rapport_domain::EmailAddress;

/// Delimiters that are tried, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Rows that are read per delimiter.
const N_ROWS: usize = 200;

/// The delimiter named by a spreadsheet's first line `sep=;`, and the bytes of that line.
pub(super) fn declared_delimiter(sample: &[u8]) -> Option<(u8, usize)> {
    let line_len = sample.iter().position(|&b| b == b'\n')? + 1;
    let line = sample[..line_len].trim_ascii_end();
    let line = line
        .strip_prefix(b"\"")
        .and_then(|l| l.strip_suffix(b"\""))
        .unwrap_or(line);
    let prefix_matches = line.len() == 5 && line[..4].eq_ignore_ascii_case(b"sep=");
    // A tab would have been trimmed away with the line break.
    let is_tab = line.eq_ignore_ascii_case(b"sep=") && sample.get(4) == Some(&b'\t');
    if is_tab {
        return Some((b'\t', line_len));
    }
    (prefix_matches && line[4].is_ascii_punctuation()).then(|| (line[4], line_len))
}

/// The delimiter under which most rows have as many cells as the first.
///
/// A layout of one column needs no delimiter at all, so it wins only where every delimiter tears
/// the rows apart. `is_whole` says whether the sample ends where the file ends.
pub(super) fn delimiter(sample: &[u8], is_whole: bool) -> u8 {
    let mut best = (DELIMITERS[0], f64::MIN, 0);
    for delimiter in DELIMITERS {
        let counts = cell_counts(sample, is_whole, delimiter);
        let Some(&n_header) = counts.first() else {
            continue;
        };
        let n_same = counts.iter().filter(|&&n| n == n_header).count();
        let agreement = n_same as f64 / counts.len() as f64;
        let weight = if n_header > 1 { 1.0 } else { 0.6 };
        let score = agreement * weight;
        if score > best.1 + 1e-9 || (score > best.1 - 1e-9 && n_header > best.2) {
            best = (delimiter, score, n_header);
        }
    }
    best.0
}

fn cell_counts(sample: &[u8], is_whole: bool, delimiter: u8) -> Vec<usize> {
    let mut counts = Vec::new();
    for_each_record(sample, is_whole, delimiter, |record| {
        counts.push(record.len())
    });
    counts
}

/// The first rows as text, blank lines left out.
pub(super) fn rows(sample: &[u8], is_whole: bool, delimiter: u8) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for_each_record(sample, is_whole, delimiter, |record| {
        rows.push(record.to_lossy())
    });
    rows
}

fn for_each_record(sample: &[u8], is_whole: bool, delimiter: u8, mut visit: impl FnMut(&Record)) {
    let dialect = Dialect {
        delimiter,
        quote: b'"',
    };
    let mut record = Record::default();
    let mut at = 0;
    let mut n_rows = 0;
    while at < sample.len() && n_rows < N_ROWS {
        match parse_record(&sample[at..], is_whole, dialect, usize::MAX, &mut record) {
            Parsed::Complete { n_bytes, .. } => {
                at += n_bytes;
                if !record.is_blank() {
                    visit(&record);
                    n_rows += 1;
                }
            }
            Parsed::BrokenQuote { n_bytes } => at += n_bytes,
            Parsed::Incomplete => break,
        }
    }
}

/// Whether the first of `rows` names the columns rather than being data.
///
/// A known name settles it; otherwise a cell that is a number, a date or an e-mail address says
/// that the row is data.
pub(super) fn has_header(rows: &[Vec<String>]) -> bool {
    let Some(first) = rows.first() else {
        return false;
    };
    let n_values = first.iter().filter(|cell| is_value(cell)).count();
    if first.iter().any(|cell| mapping::is_known_header(cell)) {
        return n_values * 2 < first.len();
    }
    let mut names: Vec<_> = first.iter().map(|cell| cell.trim()).collect();
    names.sort_unstable();
    names.dedup();
    n_values == 0 && names.len() == first.len()
}

fn is_value(cell: &str) -> bool {
    let cell = text::clean(cell);
    decimal::is_number(&cell) || date::is_date(&cell) || cell.parse::<EmailAddress>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sample: &str, expected: char) {
        assert_eq!(
            char::from(delimiter(sample.as_bytes(), true)),
            expected,
            "{sample}"
        );
    }

    #[test]
    fn the_delimiter_that_rows_agree_on_wins() {
        check("a,b,c\n1,2,3\n", ',');
        check("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n", ';');
        check("a\tb\n1,2\t3\n", '\t');
        check("a|b|c\n1|2|3\n", '|');
        check("name,city\n\"x;y;z\",b\n\"p;q\",r\n", ',');
        check("email\nada@example.com\n", ',');
    }

    #[test]
    fn sentences_in_one_column_are_not_torn_apart() {
        let sample = "review\nGood, really\nBad, slow, late\nFine\n";

        assert_ne!(delimiter(sample.as_bytes(), true), b',');
    }

    #[test]
    fn a_spreadsheet_may_declare_its_delimiter() {
        assert_eq!(declared_delimiter(b"sep=;\r\na;b\n"), Some((b';', 7)));
        assert_eq!(declared_delimiter(b"sep=\t\na\tb\n"), Some((b'\t', 6)));
        assert_eq!(declared_delimiter(b"separator;b\n"), None);
    }

    fn check_header(rows: &[&[&str]], expected: bool) {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|&cell| cell.to_owned()).collect())
            .collect();
        assert_eq!(has_header(&rows), expected, "{rows:?}");
    }

    #[test]
    fn a_header_names_and_data_are_values() {
        check_header(&[&["InvoiceNo", "Quantity"], &["1", "2"]], true);
        check_header(&[&["姓名", "手机"], &["张伟", "13812345678"]], true);
        check_header(&[&["foo", "bar"], &["x", "y"]], true);
        check_header(&[&["536365", "6"], &["536366", "2"]], false);
        check_header(
            &[&["Ada", "ada@example.com"], &["Bob", "bob@example.com"]],
            false,
        );
        check_header(&[&["x", "x"], &["x", "x"]], false);
    }
}
