//! What handlers take from a request, read and checked before they run.

mod body;
mod groups;
mod if_match;
mod list;
mod path;

pub(crate) use body::{Body, read_value};
pub(crate) use if_match::IfMatch;
pub(crate) use list::{List, ListParams, read_query};
pub(crate) use path::Id;
