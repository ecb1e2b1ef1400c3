//! Who a row is about.

use super::super::PersonKeys;
use super::{Fault, Standardizer};
use crate::Field;
use crate::value::name;

/// The person of a row about something else: an order, an event, a ticket.
pub(super) fn customer(values: &mut Standardizer, cells: &[String]) -> Result<PersonKeys, Fault> {
    let keys = PersonKeys {
        external_id: values.record_key(cells, Field::CustomerExternalId)?,
        email: values.email(cells, Field::CustomerEmail)?,
        phone: values.phone(cells, Field::CustomerPhone)?,
        name: values.text(cells, Field::CustomerName)?,
        ..PersonKeys::default()
    };
    Ok(named(keys))
}

/// The person that a row is.
pub(super) fn contact(values: &mut Standardizer, cells: &[String]) -> Result<PersonKeys, Fault> {
    let keys = PersonKeys {
        external_id: values.record_key(cells, Field::ExternalId)?,
        email: values.email(cells, Field::Email)?,
        phone: values.phone(cells, Field::Phone)?,
        name: values.text(cells, Field::Name)?,
        first_name: values.text(cells, Field::FirstName)?,
        last_name: values.text(cells, Field::LastName)?,
    };
    let keys = named(keys);
    if keys.is_empty() {
        return Err(values.missing(Field::Name));
    }
    Ok(keys)
}

/// Names tidied, and each form made from the other where it is missing.
fn named(mut keys: PersonKeys) -> PersonKeys {
    let tidy = |text: Option<String>| {
        text.map(|text| name::tidy(&text))
            .filter(|text| !text.is_empty())
    };
    keys.name = tidy(keys.name);
    keys.first_name = tidy(keys.first_name);
    keys.last_name = tidy(keys.last_name);
    match &keys.name {
        None => keys.name = name::join(keys.first_name.as_deref(), keys.last_name.as_deref()),
        Some(full) if keys.first_name.is_none() && keys.last_name.is_none() => {
            let parts = name::split(full);
            keys.first_name = parts.first;
            keys.last_name = parts.last;
        }
        Some(_) => {}
    }
    keys
}
