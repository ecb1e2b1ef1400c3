//! What other systems call our fields, per kind of record: English and Chinese, and the column
//! names of Shopify, WooCommerce, HubSpot, Salesforce, Zendesk and Segment.
//!
//! Names are compared without case, blanks and punctuation, so `Customer ID`, `customer_id` and
//! `customerId` are one name here.

mod campaigns;
mod companies;
mod contacts;
mod deals;
mod events;
mod notes;
mod order_lines;
mod products;
mod subjects;
mod tasks;
mod tickets;

use rapport_domain::EntityKind;

use super::Field;

/// What the contents of a field look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    Id,
    /// A key of the customer, which more rows share than a key of their own.
    CustomerId,
    Sku,
    PersonName,
    ShortText,
    LongText,
    Email,
    Phone,
    Country,
    Instant,
    /// A whole number, as a rule.
    Count,
    Money,
    Currency,
    Boolean,
    Json,
    Url,
}

/// One field of a kind of record.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) field: Field,
    pub(super) kind: ValueKind,
    /// Names that mean the field beyond doubt.
    pub(super) names: &'static [&'static str],
    /// Names that may mean it where nothing better is there.
    pub(super) weak: &'static [&'static str],
}

impl Entry {
    const fn new(field: Field, kind: ValueKind, names: &'static [&'static str]) -> Self {
        Self {
            field,
            kind,
            names,
            weak: &[],
        }
    }

    const fn weak(self, weak: &'static [&'static str]) -> Self {
        Self { weak, ..self }
    }
}

/// The kinds of records, those that are guessed first in a tie first.
pub(super) const ENTITIES: [EntityKind; 10] = [
    EntityKind::Contacts,
    EntityKind::OrderLines,
    EntityKind::Events,
    EntityKind::Tickets,
    EntityKind::Products,
    EntityKind::Companies,
    EntityKind::Campaigns,
    EntityKind::Deals,
    EntityKind::Tasks,
    EntityKind::Notes,
];

/// The fields of a kind of record.
pub(super) fn entries(entity: EntityKind) -> &'static [Entry] {
    match entity {
        EntityKind::Contacts => contacts::ENTRIES,
        EntityKind::OrderLines => order_lines::ENTRIES,
        EntityKind::Events => events::ENTRIES,
        EntityKind::Tickets => tickets::ENTRIES,
        EntityKind::Products => products::ENTRIES,
        EntityKind::Companies => companies::ENTRIES,
        EntityKind::Campaigns => campaigns::ENTRIES,
        EntityKind::Deals => deals::ENTRIES,
        EntityKind::Tasks => tasks::ENTRIES,
        EntityKind::Notes => notes::ENTRIES,
    }
}

/// Groups of fields of which each needs one that is mapped.
pub(super) fn required(entity: EntityKind) -> &'static [&'static [Field]] {
    use Field as F;
    match entity {
        EntityKind::Contacts => &[&[
            F::Name,
            F::FirstName,
            F::LastName,
            F::Email,
            F::Phone,
            F::ExternalId,
        ]],
        EntityKind::OrderLines => &[
            &[F::OrderId],
            &[F::OrderedAt],
            &[F::Sku, F::ProductName, F::Items],
            &[F::UnitPrice, F::LineAmount],
        ],
        EntityKind::Events => &[&[F::EventKind], &[F::OccurredAt]],
        EntityKind::Tickets => &[&[F::Subject, F::Body]],
        EntityKind::Products => &[&[F::Sku]],
        EntityKind::Companies => &[&[F::Name]],
        EntityKind::Campaigns => &[&[F::Name], &[F::Channel, F::StartsAt, F::Budget, F::Status]],
        EntityKind::Deals => &[&[F::Name], &[F::Stage]],
        EntityKind::Tasks => &[&[F::Subject], &[F::DueOn, F::DoneAt]],
        EntityKind::Notes => &[
            &[F::Body],
            &[
                F::CustomerExternalId,
                F::CustomerEmail,
                F::CustomerPhone,
                F::CompanyExternalId,
                F::CompanyDomain,
                F::Company,
                F::DealExternalId,
                F::TicketExternalId,
                F::RelatedId,
            ],
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::mapping::header::squeeze;

    #[test]
    fn every_required_field_is_a_field_of_its_entity() {
        for entity in ENTITIES {
            for &field in required(entity).iter().copied().flatten() {
                assert!(
                    entries(entity).iter().any(|entry| entry.field == field),
                    "{field:?}"
                );
            }
        }
    }

    #[test]
    fn no_name_means_two_fields_of_one_entity() {
        for entity in ENTITIES {
            let mut seen = HashMap::new();
            for entry in entries(entity) {
                for name in entry.names {
                    let before = seen.insert(squeeze(name), entry.field);
                    assert!(
                        before.is_none_or(|before| before == entry.field),
                        "{entity:?} {name}"
                    );
                }
            }
        }
    }
}
