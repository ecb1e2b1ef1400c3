//! Atomic CRM: contacts, in the one header that it imports and exports.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

pub(super) const PRESETS: &[Preset] = &[Preset {
    key: "atomic_crm_contacts",
    system: "Atomic CRM",
    entity: EntityKind::Contacts,
    label: ("Atomic CRM contacts", "Atomic CRM 联系人"),
    notice: None,
    signature: &[&["first_name"], &["email_work"], &["phone_work"]],
    columns: CONTACTS,
    keys: KeyStyle::AsWritten,
}];

const CONTACTS: &[Column] = &[
    column(F::FirstName, &["first_name"]),
    column(F::LastName, &["last_name"]),
    column(F::Title, &["title"]),
    column(F::Note, &["background"]),
    column(F::CreatedAt, &["first_seen"]),
    column(F::ConsentEmail, &["has_newsletter"]),
    column(F::Tags, &["tags"]),
    column(F::Company, &["company"]),
    column(F::Email, &["email_work"]),
    column(F::Email, &["email_home"]),
    column(F::Email, &["email_other"]),
    column(F::Phone, &["phone_work"]),
    column(F::Phone, &["phone_home"]),
    column(F::Phone, &["phone_other"]),
];
