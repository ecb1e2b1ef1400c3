//! Answers with less in them: without the fields that the caller's role hides, and with the fields alone
//! that the caller asks for by `fields`.
//!
//! Hidden values never get here: the store reads them as nothing (decision note 0017). What stands for
//! them is taken out, so that "hidden" and "empty" are told apart. Where in an answer which field stands is
//! read from the OpenAPI document, so that no handler has to tell it again.

mod layer;
mod selection;
mod shape;
mod tag;
mod told;

pub(crate) use layer::{Answers, Eyes, answer_as_asked, fields_of};
pub(crate) use selection::Selectable;
pub(crate) use told::{hideable_members, strip};
