//! Other people's spellings of values, made standard: each module reads one kind.

pub mod boolean;
pub mod choice;
pub mod country;
pub mod currency;
pub mod date;
pub mod decimal;
pub mod name;
pub mod phone;
pub mod tags;
pub mod text;
