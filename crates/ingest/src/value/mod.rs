//! Other people's spellings of values, made standard: each module reads one kind.

pub mod boolean;
pub mod choice;
pub mod country;
pub mod currency;
pub mod date;
pub mod decimal;
pub(crate) mod items;
pub mod name;
pub mod phone;
pub(crate) mod record_key;
pub mod tags;
pub mod text;
