//! What a column of records says about whoever the record is of.

use serde::{Deserialize, Serialize};

/// The kind of a field: how its values are cleaned, what they are looked up by, how two are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Names the record and nobody: not compared.
    RecordKey,
    /// First names.
    GivenName,
    /// Family names.
    Surname,
    /// A whole name in one cell.
    FullName,
    /// The name of an organization.
    Company,
    /// A date of birth, or another date that stays.
    BirthDate,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// Street, with or without the number of the house.
    Street,
    /// The number of a house alone.
    HouseNumber,
    /// A place, suburb or town.
    City,
    /// A postcode.
    Postcode,
    /// A number by which somebody else knows the person or company.
    Id,
    /// A quantity.
    Number,
    /// One of few values: a state, a gender.
    Category,
    /// Words.
    Text,
}

/// A column by its name and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The column's name.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
}

impl Field {
    /// A column of this name and kind.
    pub fn new(name: impl Into<String>, kind: FieldKind) -> Self {
        Self {
            name: name.into(),
            kind,
        }
    }
}
