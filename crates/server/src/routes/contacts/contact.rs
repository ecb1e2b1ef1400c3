//! A contact as the API shows it.

use rapport_store::contacts::{ContactRow, SegmentLabel};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Meta, Record};
use crate::wire::{
    Address, CustomValue, CustomValues, LocalizedText, Money, Reference, Time, write_custom,
};

/// A person: one record, whatever the channels.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Contact {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Full name, or the best stand-in.
    pub(crate) name: String,
    /// Given name.
    pub(crate) first_name: Option<String>,
    /// Family name.
    pub(crate) last_name: Option<String>,
    /// Main e-mail address.
    pub(crate) email: Option<String>,
    /// Main phone number, in E.164.
    pub(crate) phone: Option<String>,
    /// Job title.
    pub(crate) title: Option<String>,
    /// Employer.
    pub(crate) company: Option<Reference>,
    /// Colleague in charge.
    pub(crate) owner: Option<Reference>,
    /// Main address.
    pub(crate) address: Address,
    /// Labels.
    pub(crate) tags: Vec<String>,
    /// Language the person writes in, as a BCP 47 tag.
    pub(crate) language: Option<String>,
    /// Custom field values by key.
    #[schema(value_type = BTreeMap<String, CustomValue>)]
    pub(crate) custom: CustomValues,
    /// Distinct orders, returns left out.
    pub(crate) n_orders: i64,
    /// Sum of all orders, returns subtracted; none without orders.
    pub(crate) total_spent: Option<Money>,
    /// First order.
    pub(crate) first_order_at: Option<Time>,
    /// Latest order.
    pub(crate) last_order_at: Option<Time>,
    /// Latest sign of life of any kind.
    pub(crate) last_activity_at: Option<Time>,
    /// Segment in the segmentation in force.
    pub(crate) segment: Option<SegmentTag>,
    /// When the record was made.
    pub(crate) created_at: Time,
    /// Latest change of the record.
    pub(crate) updated_at: Time,
    /// Version for `If-Match`.
    pub(crate) version: i64,
}

/// A segment as a colored label.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SegmentTag {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name.
    pub(crate) name: LocalizedText,
    /// Color, as `#rrggbb`.
    pub(crate) color: String,
}

/// A page of contacts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContactList {
    /// The contacts.
    pub(crate) contacts: Vec<Contact>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

impl From<ContactRow> for Contact {
    fn from(row: ContactRow) -> Self {
        let ContactRow {
            contact,
            company,
            owner,
            segment,
        } = row;
        Self {
            id: contact.id.0,
            name: contact.name,
            first_name: contact.first_name,
            last_name: contact.last_name,
            email: contact.email.map(|email| email.to_string()),
            phone: contact.phone.map(|phone| phone.to_string()),
            title: contact.title,
            company: company.map(Reference::from),
            owner: owner.map(Reference::from),
            address: contact.address.into(),
            tags: contact.tags,
            language: contact.language,
            custom: write_custom(contact.custom),
            n_orders: contact.n_orders,
            total_spent: contact
                .currency
                .map(|currency| Money::new(contact.total_spent_minor, currency)),
            first_order_at: contact.first_order_at.map(Time),
            last_order_at: contact.last_order_at.map(Time),
            last_activity_at: contact.last_activity_at.map(Time),
            segment: segment.map(SegmentTag::from),
            created_at: Time(contact.created_at),
            updated_at: Time(contact.updated_at),
            version: contact.version,
        }
    }
}

impl From<SegmentLabel> for SegmentTag {
    fn from(label: SegmentLabel) -> Self {
        Self {
            id: label.id.0,
            name: label.name.into(),
            color: label.color,
        }
    }
}

impl From<Contact> for Record<Contact> {
    fn from(contact: Contact) -> Self {
        Self {
            version: contact.version,
            body: contact,
        }
    }
}
