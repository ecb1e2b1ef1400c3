//! WeCom (企业微信): external contacts, as its interface answers them, one JSON object each.
//!
//! What colleagues have noted of a contact (`follow_user`: remark, phone numbers, tags, since when) is a
//! list within the object and stays one cell, which the reader of contacts takes apart. Where the interface
//! answers for one colleague (`follow_info`), it is a list of one.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

pub(super) const PRESETS: &[Preset] = &[Preset {
    key: "wecom_external_contacts",
    system: "WeCom",
    entity: EntityKind::Contacts,
    label: ("WeCom external contacts", "企业微信外部联系人"),
    notice: None,
    signature: &[
        ID,
        &[
            "corp_name",
            "external_contact.corp_name",
            "follow_user",
            "unionid",
        ],
    ],
    columns: CONTACTS,
    keys: KeyStyle::AsWritten,
}];

const ID: &[&str] = &["external_userid", "external_contact.external_userid"];

const CONTACTS: &[Column] = &[
    column(F::ExternalId, ID),
    column(F::Name, &["name", "external_contact.name"]),
    column(F::Title, &["position", "external_contact.position"]),
    column(F::Company, &["corp_name", "external_contact.corp_name"]),
    column(F::Followers, &["follow_user"]),
];
