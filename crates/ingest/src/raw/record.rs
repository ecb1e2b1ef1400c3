//! One delimited record, taken apart by a pure function over bytes.
//!
//! The rules are those of the `csv` crate, which the tests hold this against. It is not used for
//! reading because it tells neither an unclosed quote (which swallows the rest of the file into one
//! cell) nor the line where a record after blank lines begins; both are promised to users.

/// The characters that mean something in a delimited file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    /// Between cells.
    pub(crate) delimiter: u8,
    /// Around a cell.
    pub(crate) quote: u8,
}

/// The cells of a record, one after the other; reused from record to record.
#[derive(Debug, Default)]
pub(crate) struct Record {
    data: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    fn clear(&mut self) {
        self.data.clear();
        self.ends.clear();
    }

    fn end_cell(&mut self) {
        self.ends.push(self.data.len());
    }

    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is nothing but white space in it.
    pub(crate) fn is_blank(&self) -> bool {
        self.data.iter().all(u8::is_ascii_whitespace)
    }

    /// Whether all of it is ASCII without NUL, which needs no further check.
    pub(crate) fn is_plain(&self) -> bool {
        self.data.is_ascii() && !self.data.contains(&0)
    }

    /// The cells as bytes.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|idx| {
            let from = idx.checked_sub(1).map_or(0, |before| self.ends[before]);
            &self.data[from..self.ends[idx]]
        })
    }

    /// The cells as text, broken characters replaced.
    pub(crate) fn to_lossy(&self) -> Vec<String> {
        self.cells()
            .map(|cell| String::from_utf8_lossy(cell).into_owned())
            .collect()
    }
}

/// What the beginning of a text turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// A record, now in the buffer.
    Complete {
        /// Bytes of it, line break included.
        n_bytes: usize,
        /// Line breaks passed.
        n_lines: u64,
    },
    /// The end of the record is not in sight yet.
    Incomplete,
    /// A quote opens a cell over several lines and does not close it as a cell ends. Nothing can
    /// be said about the lines that follow, so only the first one is given up.
    BrokenQuote {
        /// Bytes of the first line, line break included.
        n_bytes: usize,
    },
}

/// Takes the record apart that `input` begins with.
///
/// `is_last` says that nothing follows `input`. A record over several lines with more than
/// `max_cells` cells counts as a broken quote; this also bounds the work on hostile input.
pub(crate) fn parse_record(
    input: &[u8],
    is_last: bool,
    dialect: Dialect,
    max_cells: usize,
    record: &mut Record,
) -> Parsed {
    record.clear();
    let mut scan = Scan {
        input,
        is_last,
        dialect,
        max_cells,
        at: 0,
        n_lines: 0,
        first_line: None,
    };
    loop {
        let end = if input.get(scan.at) == Some(&dialect.quote) {
            scan.quoted_cell(record)
        } else {
            scan.bare_cell(record)
        };
        match end {
            CellEnd::Delimiter => {}
            CellEnd::Record => {
                let (n_bytes, n_lines) = (scan.at, scan.n_lines);
                return Parsed::Complete { n_bytes, n_lines };
            }
            CellEnd::Unknown => return Parsed::Incomplete,
            CellEnd::Broken => {
                let n_bytes = scan.first_line.unwrap_or(input.len());
                return Parsed::BrokenQuote { n_bytes };
            }
        }
    }
}

enum CellEnd {
    Delimiter,
    Record,
    Unknown,
    Broken,
}

struct Scan<'a> {
    input: &'a [u8],
    is_last: bool,
    dialect: Dialect,
    max_cells: usize,
    at: usize,
    n_lines: u64,
    /// Where the first line ends, once a line break was passed within quotes.
    first_line: Option<usize>,
}

impl Scan<'_> {
    /// Text up to the next delimiter or line break; quotes in it are plain characters.
    fn bare_cell(&mut self, record: &mut Record) -> CellEnd {
        let delimiter = self.dialect.delimiter;
        let rest = &self.input[self.at..];
        let found = rest
            .iter()
            .position(|&b| b == delimiter || b == b'\n' || b == b'\r');
        let n = found.unwrap_or(rest.len());
        record.data.extend_from_slice(&rest[..n]);
        self.at += n;
        self.end_cell(record)
    }

    /// Text between quotes, doubled ones meaning one.
    fn quoted_cell(&mut self, record: &mut Record) -> CellEnd {
        let quote = self.dialect.quote;
        self.at += 1;
        loop {
            let rest = &self.input[self.at..];
            let found = rest
                .iter()
                .position(|&b| b == quote || b == b'\n' || b == b'\r');
            let Some(n) = found else {
                return if self.is_last {
                    CellEnd::Broken
                } else {
                    CellEnd::Unknown
                };
            };
            record.data.extend_from_slice(&rest[..n]);
            self.at += n;
            if rest[n] != quote {
                let Some(n_break) = self.line_break() else {
                    return CellEnd::Unknown;
                };
                record.data.extend_from_slice(&rest[n..n + n_break]);
                self.at += n_break;
                self.n_lines += 1;
                self.first_line.get_or_insert(self.at);
                if record.len() >= self.max_cells {
                    return CellEnd::Broken;
                }
                continue;
            }
            match self.input.get(self.at + 1) {
                Some(&next) if next == quote => {
                    record.data.push(quote);
                    self.at += 2;
                }
                None if !self.is_last => return CellEnd::Unknown,
                _ => {
                    self.at += 1;
                    return self.after_quote(record);
                }
            }
        }
    }

    /// What follows a closing quote: the cell's end, or text, which is taken as it is where the
    /// quote stood on one line.
    fn after_quote(&mut self, record: &mut Record) -> CellEnd {
        match self.input.get(self.at) {
            None | Some(b'\n' | b'\r') => self.end_cell(record),
            Some(&b) if b == self.dialect.delimiter => self.end_cell(record),
            Some(_) if self.n_lines > 0 => CellEnd::Broken,
            Some(_) => self.bare_cell(record),
        }
    }

    fn end_cell(&mut self, record: &mut Record) -> CellEnd {
        match self.input.get(self.at) {
            None if !self.is_last => CellEnd::Unknown,
            Some(&b) if b == self.dialect.delimiter => {
                record.end_cell();
                self.at += 1;
                CellEnd::Delimiter
            }
            None => {
                record.end_cell();
                CellEnd::Record
            }
            Some(_) => {
                let Some(n_break) = self.line_break() else {
                    return CellEnd::Unknown;
                };
                record.end_cell();
                self.at += n_break;
                self.n_lines += 1;
                CellEnd::Record
            }
        }
    }

    /// Bytes of the line break that stands here; `None` where that depends on what follows.
    fn line_break(&self) -> Option<usize> {
        match (self.input[self.at], self.input.get(self.at + 1)) {
            (b'\r', Some(b'\n')) => Some(2),
            (b'\r', None) if !self.is_last => None,
            _ => Some(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COMMA: Dialect = Dialect {
        delimiter: b',',
        quote: b'"',
    };

    fn parse(input: &str) -> (Parsed, Vec<String>) {
        let mut record = Record::default();
        let parsed = parse_record(input.as_bytes(), true, COMMA, 3, &mut record);
        (parsed, record.to_lossy())
    }

    fn check(input: &str, n_bytes: usize, n_lines: u64, cells: &[&str]) {
        let (parsed, found) = parse(input);
        assert_eq!(parsed, Parsed::Complete { n_bytes, n_lines }, "{input:?}");
        assert_eq!(found, cells, "{input:?}");
    }

    #[test]
    fn cells_are_unquoted() {
        check("a,b\nc", 4, 1, &["a", "b"]);
        check("a,b\r\nc", 5, 1, &["a", "b"]);
        check("a,", 2, 0, &["a", ""]);
        check(
            "\"x, y\",\"say \"\"hi\"\"\"\n",
            20,
            1,
            &["x, y", "say \"hi\""],
        );
        check("\"two\nlines\",b\n", 14, 2, &["two\nlines", "b"]);
        check("6\" nail,b\n", 10, 1, &["6\" nail", "b"]);
        check("\"Big\" box,b\n", 12, 1, &["Big box", "b"]);
    }

    #[test]
    fn a_quote_that_never_closes_gives_up_its_line_only() {
        let broken = |n_bytes| Parsed::BrokenQuote { n_bytes };

        assert_eq!(parse("\"oops,b\nc,d\ne,f\n").0, broken(8));
        assert_eq!(parse("\"oops,b\n\"c\",d\n").0, broken(8));
        assert_eq!(parse("\"oops").0, broken(5));
    }

    #[test]
    fn a_quote_that_swallows_too_many_cells_gives_up_its_line_only() {
        assert_eq!(
            parse("a\",\"\na\",\"\na\",\"\na\",\"\n").0,
            Parsed::BrokenQuote { n_bytes: 5 }
        );
    }

    #[test]
    fn a_record_whose_end_is_not_in_sight_is_incomplete() {
        for input in ["", "a,b", "\"a", "\"a\"", "a\r", "\"a\r"] {
            let mut record = Record::default();
            let parsed = parse_record(input.as_bytes(), false, COMMA, 9, &mut record);
            assert_eq!(parsed, Parsed::Incomplete, "{input:?}");
        }
    }

    /// All records of a text, blank lines skipped as the `csv` crate does.
    fn parse_all(mut input: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut records = Vec::new();
        let mut record = Record::default();
        while !input.is_empty() {
            let is_blank_line = matches!(input[0], b'\r' | b'\n');
            match parse_record(input, true, COMMA, usize::MAX, &mut record) {
                Parsed::Complete { n_bytes, .. } => input = &input[n_bytes..],
                _ => return records,
            }
            if !is_blank_line {
                records.push(record.cells().map(<[u8]>::to_vec).collect());
            }
        }
        records
    }

    /// Oracle: the `csv` crate, on text whose quotes close.
    fn parse_all_by_csv(input: &[u8]) -> Vec<Vec<Vec<u8>>> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(input)
            .into_byte_records()
            .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
            .collect()
    }

    proptest! {
        #[test]
        fn reads_what_the_csv_crate_reads(
            rows in prop::collection::vec(
                prop::collection::vec("([a ,'\n\r]{0,4}|\"([a ,'\n\r]|\"\"){0,4}\"|[a]{1,2}\"[a]{0,2})", 1..5),
                0..6,
            ),
        ) {
            let text: String = rows.iter().map(|row| row.join(",") + "\n").collect();
            prop_assert_eq!(parse_all(text.as_bytes()), parse_all_by_csv(text.as_bytes()), "{:?}", text);
        }

        #[test]
        fn any_bytes_make_progress_or_ask_for_more(input in prop::collection::vec(any::<u8>(), 1..200)) {
            let mut record = Record::default();
            for is_last in [true, false] {
                match parse_record(&input, is_last, COMMA, 3, &mut record) {
                    Parsed::Complete { n_bytes, .. } | Parsed::BrokenQuote { n_bytes } => {
                        prop_assert!((1..=input.len()).contains(&n_bytes));
                    }
                    Parsed::Incomplete => prop_assert!(!is_last),
                }
            }
        }
    }
}
