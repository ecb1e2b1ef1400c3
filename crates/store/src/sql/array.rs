//! Columns of values as PostgreSQL's arrays: a few values to plan where there would be thousands. They go out
//! as texts, since the driver's own arrays have no nulls.

use std::fmt::{self, Write as _};

use sea_orm::Value;

/// The values of a column in the words of PostgreSQL's arrays, `{"first",NULL,"third"}`
/// (PostgreSQL 15, section 8.15.6).
#[derive(Debug, Clone, Default)]
pub(crate) struct Array {
    text: String,
    has_values: bool,
}

impl Array {
    /// Appends a value.
    pub(crate) fn push(&mut self, value: &Value) {
        self.text.push(if self.text.is_empty() { '{' } else { ',' });
        match value {
            Value::String(Some(text)) => self.push_quoted(text),
            Value::Uuid(Some(id)) => self.push_plain(id.as_hyphenated()),
            Value::BigInt(Some(number)) => self.push_plain(number),
            Value::Int(Some(number)) => self.push_plain(number),
            // The shortest digits that are read back as the same number.
            Value::Double(Some(number)) => self.push_plain(format_args!("{number:e}")),
            Value::Bool(Some(is_so)) => self.push_plain(is_so),
            Value::Bytes(Some(bytes)) => {
                self.text.push_str("\"\\\\x");
                for byte in bytes {
                    self.push_plain(format_args!("{byte:02x}"));
                }
                self.text.push('"');
            }
            Value::String(None)
            | Value::Uuid(None)
            | Value::BigInt(None)
            | Value::Int(None)
            | Value::Double(None)
            | Value::Bool(None)
            | Value::Bytes(None) => return self.text.push_str("NULL"),
            other => unreachable!("no entity has a column of the kind of {other:?}"),
        }
        self.has_values = true;
    }

    /// Whether it has a value that is not missing.
    pub(crate) const fn has_values(&self) -> bool {
        self.has_values
    }

    fn push_plain(&mut self, value: impl fmt::Display) {
        write!(self.text, "{value}").expect("a text takes all that is written to it");
    }

    fn push_quoted(&mut self, text: &str) {
        self.text.push('"');
        let mut rest = text;
        while let Some(at) = rest.find(['"', '\\']) {
            self.text.push_str(&rest[..at]);
            self.text.push('\\');
            // Both are of one byte.
            self.text.push_str(&rest[at..=at]);
            rest = &rest[at + 1..];
        }
        self.text.push_str(rest);
        self.text.push('"');
    }

    /// Its length so far.
    pub(crate) fn n_bytes(&self) -> usize {
        self.text.len()
    }

    /// An array of this kind from the text that is bound at this place.
    pub(crate) fn cast(bind: usize, kind: &str) -> String {
        format!("CAST(CAST(${bind} AS text) AS {kind}[])")
    }

    /// The text to bind.
    pub(crate) fn into_value(mut self) -> Value {
        self.text.push('}');
        self.text.into()
    }
}
