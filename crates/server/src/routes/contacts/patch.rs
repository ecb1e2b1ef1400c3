//! The fields of a contact that people may set.

use std::collections::BTreeMap;

use rapport_domain::{Contact, Violation};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::wire::{AddressPatch, CustomValue, Patch, merge_custom};

/// Fields to set: a merge patch (RFC 7396) on a contact, or on an empty one to create it, which
/// needs `name`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactPatch {
    /// Full name; never empty.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    name: Patch<String>,
    /// Given name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    first_name: Patch<String>,
    /// Family name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    last_name: Patch<String>,
    /// Main e-mail address.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    email: Patch<String>,
    /// Main phone number, in E.164.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    phone: Patch<String>,
    /// Job title.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    title: Patch<String>,
    /// Employer.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    company_id: Patch<Uuid>,
    /// Colleague in charge.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    owner_id: Patch<Uuid>,
    /// Parts of the main address.
    #[serde(default)]
    #[schema(value_type = Option<AddressPatch>)]
    address: Patch<AddressPatch>,
    /// All labels.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    tags: Patch<Vec<String>>,
    /// Language the person writes in, as a BCP 47 tag.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Patch<String>,
    /// Custom values by field key; `null` removes one.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    pub(super) custom: BTreeMap<String, Patch<CustomValue>>,
}

impl ContactPatch {
    /// Sets the fields that are present; tells the rules that they break.
    pub(super) fn apply(self, contact: &mut Contact) -> Vec<Violation> {
        let mut violations = Vec::new();
        self.name
            .apply_required(&mut contact.name, "/name", &mut violations);
        self.first_name.apply_text(&mut contact.first_name);
        self.last_name.apply_text(&mut contact.last_name);
        self.email.apply_parsed(&mut contact.email, &mut violations);
        self.phone.apply_parsed(&mut contact.phone, &mut violations);
        self.title.apply_text(&mut contact.title);
        self.company_id.apply(&mut contact.company_id);
        self.owner_id.apply(&mut contact.owner_id);
        self.address.apply_address(&mut contact.address);
        self.tags.apply_list(&mut contact.tags);
        self.language.apply_text(&mut contact.language);
        merge_custom(self.custom, &mut contact.custom);
        violations.extend(contact.check().err().into_iter().flat_map(|e| e.violations));
        violations
    }
}
