//! One form for values that mean the same, per kind of field.
//!
//! What is compared is this form; the record keeps what stood in its source. A value that says nothing
//! (blank, `n/a`, a date that is none) is missing, so that two unknowns never agree.

mod address;
mod code;
mod company;
mod date;
mod email;
mod name;
mod nicknames;
mod phone;
mod text;

pub use address::romanized_address;
pub use date::{DateOrder, PersonalDate};
pub use name::{canonical_given_name, romanized};
pub use text::words;

use serde::{Deserialize, Serialize};

use crate::FieldKind;

/// How values of one column are written, decided over all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Style {
    /// Whether the day comes before the month where a date leaves that open.
    pub date_order: DateOrder,
    /// The country code that telephone numbers without one belong to, digits only; none where unknown.
    pub calling_code: Option<u16>,
}

impl Style {
    /// What a column's values tell about how they are written.
    pub fn of<'v>(kind: FieldKind, values: impl Iterator<Item = &'v str>) -> Self {
        let date_order = match kind {
            FieldKind::BirthDate => date::detect_order(values),
            _ => DateOrder::default(),
        };
        Self {
            date_order,
            calling_code: None,
        }
    }
}

/// The standard form of a value; `None` where it says nothing.
pub fn standardize(kind: FieldKind, value: &str, style: Style) -> Option<String> {
    let value = value.trim();
    if value.is_empty() || text::is_placeholder(value) {
        return None;
    }
    let standard = match kind {
        FieldKind::RecordKey => return None,
        FieldKind::GivenName | FieldKind::Surname => name::part(value),
        FieldKind::FullName => name::full(value),
        FieldKind::Company => company::standardize(value),
        FieldKind::BirthDate => date::parse(value, style.date_order)?.digits(),
        FieldKind::Phone => phone::standardize(value, style.calling_code)?,
        FieldKind::Email => email::standardize(value)?,
        FieldKind::Street | FieldKind::City => address::standardize(value),
        FieldKind::HouseNumber | FieldKind::Postcode | FieldKind::Id => code::standardize(value),
        FieldKind::Number => text::number(value)?,
        FieldKind::Category | FieldKind::Text => words(value),
    };
    (!standard.is_empty()).then_some(standard)
}

#[cfg(test)]
mod tests;
