//! How a file is written: compression, encoding, layout. Guessed from its first bytes.

mod binary;
mod encoding;
mod layout;
mod office;
mod sniff;
mod talk;

use serde::{Deserialize, Serialize};

pub use sniff::{SNIFF_BYTES, sniff};

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, one member or several (RFC 1952).
    Gzip,
}

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextEncoding {
    /// UTF-8, with or without byte order mark; plain ASCII too.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GB18030, and with it GBK and GB2312.
    Gb18030,
    /// Windows-1252, and with it nearly all of Latin-1.
    Windows1252,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileKind {
    /// Delimited cells (RFC 4180 and its kin).
    Csv {
        /// What stands between two cells; one ASCII character.
        delimiter: char,
        /// What stands around a cell that holds delimiters or line breaks; one ASCII character.
        quote: char,
    },
    /// One JSON object a line.
    JsonLines,
    /// A sheet of an Excel workbook (Office Open XML, ISO 29500).
    Xlsx {
        /// Its position among the workbook's sheets, from 0, as [`sheets`](crate::sheets) lists them;
        /// none means the first that is visible.
        #[serde(default)]
        sheet: Option<u32>,
    },
    /// A Parquet file, which names and types its columns itself.
    Parquet,
    /// Address cards (vCard 2.1, 3.0 and 4.0; RFC 2426, RFC 6350), one row each.
    Vcard,
    /// A mailbox (RFC 4155): one row for each message and each person outside of the house.
    Mbox,
    /// One message by itself (RFC 5322), read as a mailbox is.
    Eml,
    /// A calendar (iCalendar, RFC 5545): one row for each meeting and each person outside of the house.
    Icalendar,
    /// One JSON document with a list of objects, which are its rows.
    Json,
    /// Conversations: one row for each message and each person outside of the house.
    Talk {
        /// How they are written.
        form: TalkForm,
    },
    /// A feed (RSS 2.0, RSS 1.0, Atom): one row for each entry.
    Feed,
}

impl FileKind {
    /// Whether rows are of people outside of the house, so that somebody has to tell who is of it.
    pub fn has_own_people(self) -> bool {
        matches!(
            self,
            Self::Mbox | Self::Eml | Self::Icalendar | Self::Talk { .. }
        )
    }
}

/// How conversations are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TalkForm {
    /// One JSON document: exports of chats and social networks.
    Json,
    /// A JSON object a line: a message or a conversation each.
    JsonLines,
    /// The text that WhatsApp exports of a chat.
    #[serde(rename = "whatsapp")]
    WhatsApp,
}

/// How a file is written, as far as reading it needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFormat {
    /// Compression.
    pub compression: Compression,
    /// Encoding.
    pub encoding: TextEncoding,
    /// Layout of the rows.
    #[serde(flatten)]
    pub kind: FileKind,
    /// Whether the first row names the columns. JSON lines have no header; a sheet's is its first row
    /// with two words or more. What has no table (Parquet, cards, mail, calendars, conversations, feeds)
    /// names its columns in its own way.
    pub has_header: bool,
    /// Lines before the header that are not part of the table, such as a spreadsheet's `sep=;`.
    #[serde(default)]
    pub skip_lines: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_one_flat_json_object() {
        let format = FileFormat {
            compression: Compression::Gzip,
            encoding: TextEncoding::Utf16Le,
            kind: FileKind::Csv {
                delimiter: ';',
                quote: '"',
            },
            has_header: true,
            skip_lines: 0,
        };

        let json = serde_json::to_value(format).unwrap();

        assert_eq!(json["compression"], "gzip");
        assert_eq!(json["encoding"], "utf16_le");
        assert_eq!(json["kind"], "csv");
        assert_eq!(json["delimiter"], ";");
        assert_eq!(serde_json::from_value::<FileFormat>(json).unwrap(), format);
    }
}
