//! Contacts.

use super::super::ContactRow;
use super::{Fault, Standardizer, address, person};
use crate::Field;
use crate::value::name;

/// Reads a person.
pub(in crate::row) fn contact(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<ContactRow, Fault> {
    Ok(ContactRow {
        line,
        cells: Vec::new(),
        person: person::contact(values, cells)?,
        title: values.text(cells, Field::Title)?,
        company: values
            .text(cells, Field::Company)?
            .map(|company| name::tidy(&company))
            .filter(|company| !company.is_empty()),
        address: address(values, cells)?,
        tags: values.tags(cells)?,
        language: values.text(cells, Field::Language)?,
        owner: values.text(cells, Field::Owner)?,
        created_at: values.instant(cells, Field::CreatedAt)?,
        consent_marketing: values.boolean(cells, Field::ConsentMarketing)?,
        consent_email: values.boolean(cells, Field::ConsentEmail)?,
        consent_sms: values.boolean(cells, Field::ConsentSms)?,
        note: values.text(cells, Field::Note)?,
    })
}
