//! Lists of all objects in one way: filter, sort over several fields, search, seek by cursor.
//!
//! An object declares its [`Listing`] once: table, joins, fields with their types. Pages are found
//! by the values of the sort keys of the last row seen, never by counting rows off, so that the
//! thousandth page costs what the first does. Rows without a value come last in either direction,
//! on both databases.

mod condition;
mod cursor;
mod error;
mod estimate;
mod field;
mod filter;
mod order;
mod page;
mod query;
mod range;

pub use condition::{Condition, Filter, Op};
pub use cursor::Cursor;
pub use error::QueryError;
pub use query::{Direction, ListQuery, Page, Sort};

pub(crate) use field::{Field, Kind, Lead};
pub(crate) use page::{Listing, matching, page};
