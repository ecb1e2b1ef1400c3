//! JSON as files have it: one object a line, or one document with a list of objects in it.

mod document;
mod rows;
pub(super) mod scan;

pub(crate) use document::Document;
pub use document::MAX_DOCUMENT_BYTES;
pub(crate) use rows::JsonRows;
pub(super) use rows::Pairs;
