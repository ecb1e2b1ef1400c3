#![doc = include_str!("../README.md")]

mod csv_writer;
mod error;
pub mod events;
mod format;
mod mapping;
mod preset;
mod preview;
mod raw;
mod reader;
mod rejected;
mod row;
mod source;
mod table;
pub mod value;

pub use csv_writer::CsvWriter;
pub use error::IngestError;
pub use format::{Compression, FileFormat, FileKind, SNIFF_BYTES, TalkForm, TextEncoding, sniff};
pub use mapping::{
    ColumnMapping, Existing, Field, ImportMode, Mapping, MappingReason, fields, guess_mapping,
    guess_mapping_by, guess_mapping_for, guess_mapping_without_preset, has_custom_fields,
};
pub use preset::{Preset, detect_preset, find_preset, presets};
pub use preview::{Preview, SAMPLE_ROWS, preview};
pub use raw::{
    MAX_DOCUMENT_BYTES, MAX_PARQUET_ROWS, MAX_ROW_BYTES, MAX_UNPACKED_BYTES, OTHER_KEYS, SheetInfo,
    mailbox_owner, sheets,
};
pub use reader::{Chunk, RowReader};
pub use rejected::{REJECTED_COLUMNS, RejectedWriter};
pub use row::{
    AboutKeys, CampaignRow, CompanyKeys, CompanyRow, ContactRow, DealRow, EventRow, NoteRow,
    OrderLineRow, ParsedRow, PersonKeys, ProductRow, ReadOptions, Statement, TaskRow, TicketRow,
};
pub use source::Source;
pub use table::{Cell, CellKind, TableColumn, TableFormat, TableWriter};
pub use value::date::DateOrder;
pub use value::decimal::DecimalStyle;
