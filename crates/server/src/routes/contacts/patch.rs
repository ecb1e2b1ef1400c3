//! The fields of a contact that people may set.

use rapport_domain::{
    BulkAction, Contact, ContactChange, ContactId, ObjectKind, Timestamp, Violation,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::routes::record_patch::{CustomPatch, RecordPatch};
use crate::routes::references::Named;
use crate::wire::{AddressPatch, Patch, custom_changes};

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
    pub(super) custom: CustomPatch,
}

impl RecordPatch for ContactPatch {
    const KIND: ObjectKind = ObjectKind::Contact;
    type Record = Contact;

    fn custom(&mut self) -> &mut CustomPatch {
        &mut self.custom
    }

    fn changes(self, violations: &mut Vec<Violation>) -> Vec<ContactChange> {
        use ContactChange::{
            City, CompanyId, Country, Custom, Email, FirstName, Language, LastName, Name, OwnerId,
            Phone, PostalCode, Region, Street, Tags, Title,
        };
        let mut changes = Vec::new();
        changes.extend(self.name.required("/name", violations).map(Name));
        changes.extend(self.first_name.text().map(FirstName));
        changes.extend(self.last_name.text().map(LastName));
        changes.extend(self.email.parsed(violations).map(Email));
        changes.extend(self.phone.parsed(violations).map(Phone));
        changes.extend(self.title.text().map(Title));
        changes.extend(self.company_id.value().map(CompanyId));
        changes.extend(self.owner_id.value().map(OwnerId));
        let address = self.address.parts();
        changes.extend(address.street.map(Street));
        changes.extend(address.city.map(City));
        changes.extend(address.region.map(Region));
        changes.extend(address.postal_code.map(PostalCode));
        changes.extend(address.country.map(Country));
        changes.extend(self.tags.labels().map(Tags));
        changes.extend(self.language.text().map(Language));
        changes.extend(custom_changes(self.custom).map(|(key, value)| Custom { key, value }));
        changes
    }

    fn probe(now: Timestamp) -> Contact {
        Contact::named(ContactId(Uuid::nil()), "-", now)
    }

    fn named(changes: &[ContactChange]) -> Vec<(&'static str, Option<Named>)> {
        let named = |change: &ContactChange| match change {
            ContactChange::CompanyId(id) => Some(("/company_id", id.map(Named::from))),
            ContactChange::OwnerId(id) => Some(("/owner_id", id.map(Named::from))),
            _ => None,
        };
        changes.iter().filter_map(named).collect()
    }

    fn action(changes: Vec<ContactChange>) -> BulkAction {
        BulkAction::ChangeContacts(changes)
    }
}
