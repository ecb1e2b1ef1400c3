//! Address cards, in the columns that our reader gives them.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

pub(super) const PRESETS: &[Preset] = &[Preset {
    key: "vcard",
    system: "vCard",
    entity: EntityKind::Contacts,
    label: ("Address cards (vCard)", "通讯录名片（vCard）"),
    notice: None,
    signature: &[&["vCard version"], &["Full name"]],
    columns: CONTACTS,
    keys: KeyStyle::AsWritten,
}];

const CONTACTS: &[Column] = &[
    column(F::ExternalId, &["UID"]),
    column(F::Name, &["Full name"]),
    column(F::FirstName, &["First name"]),
    column(F::LastName, &["Last name"]),
    column(F::Email, &["E-mail"]),
    column(F::Phone, &["Phone"]),
    column(F::Company, &["Company"]),
    column(F::Title, &["Job title"]),
    column(F::Title, &["Role"]),
    column(F::Street, &["Street"]),
    column(F::City, &["City"]),
    column(F::Region, &["Region"]),
    column(F::PostalCode, &["Postal code"]),
    column(F::Country, &["Country"]),
    column(F::Tags, &["Tags"]),
    column(F::Language, &["Language"]),
    column(F::Note, &["Note"]),
];
