//! The files as an importer meets them: in which order, from which system, about what.

use rapport_domain::EntityKind;

/// One file to import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceFile {
    /// Name within the twin's directory.
    pub file_name: &'static str,
    /// What a row is about.
    pub entity: EntityKind,
    /// Name of the system that the file comes from; customer numbers are unique within one.
    pub source: &'static str,
}

const FILES: [SourceFile; 10] = [
    file("companies.csv", EntityKind::Companies, "sales"),
    file("products.csv", EntityKind::Products, "shop"),
    file("campaigns.csv", EntityKind::Campaigns, "shop"),
    file("shop_customers.csv", EntityKind::Contacts, "shop"),
    file("crm_contacts.csv", EntityKind::Contacts, "sales"),
    file("deals.csv", EntityKind::Deals, "sales"),
    file("orders.csv", EntityKind::OrderLines, "shop"),
    file("support_tickets.jsonl", EntityKind::Tickets, "support"),
    file("campaign_events.jsonl", EntityKind::Events, "shop"),
    file("page_views.jsonl", EntityKind::Events, "shop"),
];

const fn file(file_name: &'static str, entity: EntityKind, source: &'static str) -> SourceFile {
    SourceFile {
        file_name,
        entity,
        source,
    }
}

/// The twin's files in the order in which they are best imported: what is referred to comes first.
/// The truth is no source and not among them.
pub fn sources() -> &'static [SourceFile] {
    &FILES
}
