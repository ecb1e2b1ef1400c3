//! A row as a line of PostgreSQL's COPY, and the checksum of many such lines.
//!
//! The server is asked for its rows as lines, too, so that both sides are hashed in one form. Only
//! numbers with a fraction are printed differently by us and by the server; in lines that are
//! compared their bits stand instead.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// What a column holds, by its type on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Id,
    Bool,
    Whole,
    Number,
    Text,
    Bytes,
}

impl Kind {
    /// The kind behind a type's name in `pg_type`; none where we do not know how to carry it over.
    pub(super) fn of_type(name: &str) -> Option<Self> {
        match name {
            "uuid" => Some(Self::Id),
            "bool" => Some(Self::Bool),
            "int2" | "int4" | "int8" => Some(Self::Whole),
            "float8" => Some(Self::Number),
            "text" => Some(Self::Text),
            "bytea" => Some(Self::Bytes),
            _ => None,
        }
    }
}

/// A value as SQLite stores it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stored<'r> {
    Null,
    Whole(i64),
    Number(f64),
    Text(&'r str),
    Bytes(&'r [u8]),
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// To be read in by the server.
    Load,
    /// To be compared with the server's own.
    Compare,
}

/// Appends a value to a line.
///
/// # Errors
/// What is wrong with a value that the column's type cannot hold.
pub(super) fn push(
    line: &mut String,
    kind: Kind,
    value: Stored<'_>,
    purpose: Use,
) -> Result<(), String> {
    match (kind, value) {
        (_, Stored::Null) => line.push_str("\\N"),
        (Kind::Id, Stored::Bytes(bytes)) => {
            let id = uuid::Uuid::from_slice(bytes);
            let id = id.map_err(|_| format!("holds an id of {} bytes", bytes.len()))?;
            write(line, format_args!("{}", id.hyphenated()));
        }
        (Kind::Bool, Stored::Whole(0)) => line.push('f'),
        (Kind::Bool, Stored::Whole(1)) => line.push('t'),
        (Kind::Whole, Stored::Whole(number)) => write(line, format_args!("{number}")),
        // SQLite gives a whole number back as one where a column of numbers was never written through
        // its own type.
        (Kind::Number, Stored::Whole(number)) => push_number(line, number as f64, purpose),
        (Kind::Number, Stored::Number(number)) => push_number(line, number, purpose),
        (Kind::Text, Stored::Text(text)) => push_text(line, text)?,
        (Kind::Bytes, Stored::Bytes(bytes)) => push_bytes(line, bytes),
        (_, other) => return Err(format!("holds {}, not {}", other.name(), kind.name())),
    }
    Ok(())
}

fn push_number(line: &mut String, number: f64, purpose: Use) {
    match purpose {
        Use::Load => write(line, format_args!("{number}")),
        Use::Compare => push_bytes(line, &number.to_be_bytes()),
    }
}

/// The escapes are those of which the server makes use when it writes.
fn push_text(line: &mut String, text: &str) -> Result<(), String> {
    for character in text.chars() {
        match character {
            '\0' => return Err("holds a character of code zero, which PostgreSQL refuses".into()),
            '\\' => line.push_str("\\\\"),
            '\u{8}' => line.push_str("\\b"),
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\u{b}' => line.push_str("\\v"),
            '\u{c}' => line.push_str("\\f"),
            '\r' => line.push_str("\\r"),
            other => line.push(other),
        }
    }
    Ok(())
}

fn push_bytes(line: &mut String, bytes: &[u8]) {
    line.push_str("\\\\x");
    for byte in bytes {
        write(line, format_args!("{byte:02x}"));
    }
}

fn write(line: &mut String, text: std::fmt::Arguments<'_>) {
    line.write_fmt(text)
        .expect("a text takes whatever is written");
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Id => "an id",
            Self::Bool => "yes or no",
            Self::Whole => "a whole number",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Bytes => "bytes",
        }
    }
}

impl Stored<'_> {
    const fn name(self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Whole(_) => "a whole number",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Bytes(_) => "bytes",
        }
    }
}

/// Rows, counted and summed up without regard to their order: half of the SHA-256 of each line, added
/// modulo 2¹²⁸.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Checksum {
    pub(super) n_rows: u64,
    sum: u128,
}

impl Checksum {
    /// Takes a line in, without its end.
    pub(super) fn add(&mut self, line: &[u8]) {
        let hash = Sha256::digest(line);
        let mut half = [0; 16];
        half.copy_from_slice(&hash[..16]);
        self.n_rows += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(half));
    }

    /// The sum, for people and for the server's list of what is done.
    pub(super) fn text(&self) -> String {
        format!("{:032x}", self.sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: Kind, value: Stored<'_>, loaded: &str, compared: &str) {
        for (purpose, expected) in [(Use::Load, loaded), (Use::Compare, compared)] {
            let mut line = String::new();
            push(&mut line, kind, value, purpose).unwrap();
            assert_eq!(line, expected, "{kind:?} {value:?}");
        }
    }

    fn same(kind: Kind, value: Stored<'_>, expected: &str) {
        check(kind, value, expected, expected);
    }

    #[test]
    fn values_stand_as_the_server_writes_them() {
        let id = [0x01, 0x8f, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 7];
        same(
            Kind::Id,
            Stored::Bytes(&id),
            "018f0000-0000-7000-8000-000000000007",
        );
        same(Kind::Bool, Stored::Whole(1), "t");
        same(Kind::Whole, Stored::Whole(i64::MIN), "-9223372036854775808");
        same(
            Kind::Text,
            Stored::Text("a\\b\t\r\n李"),
            "a\\\\b\\t\\r\\n李",
        );
        same(Kind::Text, Stored::Text(""), "");
        same(Kind::Text, Stored::Text("\\N"), "\\\\N");
        same(Kind::Bytes, Stored::Bytes(&[0, 255]), "\\\\x00ff");
        same(Kind::Text, Stored::Null, "\\N");
    }

    #[test]
    fn numbers_are_compared_by_their_bits() {
        check(
            Kind::Number,
            Stored::Number(0.5),
            "0.5",
            "\\\\x3fe0000000000000",
        );
        check(
            Kind::Number,
            Stored::Number(-0.0),
            "-0",
            "\\\\x8000000000000000",
        );
        check(Kind::Number, Stored::Whole(2), "2", "\\\\x4000000000000000");
    }

    #[test]
    fn what_a_type_cannot_hold_is_refused() {
        let refused = |kind, value| push(&mut String::new(), kind, value, Use::Load).unwrap_err();

        assert!(refused(Kind::Text, Stored::Text("a\0b")).contains("code zero"));
        assert!(refused(Kind::Id, Stored::Bytes(&[1; 15])).contains("15 bytes"));
        assert!(refused(Kind::Bool, Stored::Whole(2)).contains("not yes or no"));
        assert!(refused(Kind::Whole, Stored::Text("7")).contains("a text"));
    }

    #[test]
    fn a_checksum_minds_rows_and_not_their_order() {
        let sum = |lines: &[&str]| {
            let mut sum = Checksum::default();
            lines.iter().for_each(|line| sum.add(line.as_bytes()));
            sum
        };

        assert_eq!(sum(&["a", "b", "c"]), sum(&["c", "a", "b"]));
        assert_ne!(sum(&["a", "b"]), sum(&["a", "c"]));
        assert_ne!(sum(&["a", "a"]), sum(&[]), "twice is not never");
    }
}
