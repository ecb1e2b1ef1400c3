//! What one piece of a file becomes: rows of all kinds that are written together or not at all.

use rapport_domain::{
    Campaign, Company, Consent, Contact, ContactId, Deal, EmailAddress, IdentityId, ImportCounts,
    ImportId, Note, Order, OrderLine, PhoneNumber, Product, RejectedRow, SourceIdentity,
    SourceRecordId, Task, Ticket, Timestamp,
};
use uuid::Uuid;

use super::RecordKind;
use crate::company_keys::CompanyKey;
use crate::events::EventSegment;

/// A row of a file as it was read, unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// Identifier.
    pub id: SourceRecordId,
    /// Line in the file where the row begins.
    pub line: u64,
    /// The source's view of the person that the row is about, if it is about one.
    pub identity_id: Option<IdentityId>,
    /// When it was read.
    pub received_at: Timestamp,
    /// The cells in the order of the import's columns.
    pub cells: Vec<String>,
}

/// A ticket with its number at the source.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// Its number at the source, where the file tells one; a known number is the same ticket.
    pub external_id: Option<String>,
}

/// What a row tells of a known identity that had no such key before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityKeys {
    /// The identity.
    pub id: IdentityId,
    /// Whose identity it is.
    pub contact_id: ContactId,
    /// E-mail address; fills an empty one.
    pub email: Option<EmailAddress>,
    /// Phone number; fills an empty one.
    pub phone: Option<PhoneNumber>,
}

/// A record that was there before and that rows tell of, whether they change it or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SeenRecord {
    /// Its kind.
    pub kind: RecordKind,
    /// The record.
    pub id: Uuid,
}

impl SeenRecord {
    /// A record of a kind.
    pub fn of(kind: RecordKind, id: impl Into<Uuid>) -> Self {
        Self {
            kind,
            id: id.into(),
        }
    }
}

/// One piece of a file, ready to be written.
///
/// Ids are the caller's: before building a batch it looks up what exists
/// (`identities::resolve`, `companies::find_by_names`, `products::find_by_skus`,
/// `orders::find_by_external_ids`, `orders::existing_lines`) and uses those ids. Whether lines are
/// new, and so become events, follows from the same look-ups.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportBatch {
    /// The import.
    pub import_id: ImportId,
    /// `rows_done` as the caller knows it. Where the stored number differs, somebody else has
    /// written rows of this import, and the batch is refused.
    pub rows_before: u64,
    /// Rows that are in or rejected after this batch.
    pub rows_done: u64,
    /// Bytes of the file that they came from.
    pub bytes_done: u64,
    /// What became of all rows so far, this batch included.
    pub counts: ImportCounts,
    /// New companies.
    pub companies: Vec<Company>,
    /// Companies that the rows complete, with the version that was read. One that a person has
    /// changed meanwhile is left as it is.
    pub changed_companies: Vec<Company>,
    /// What the source calls companies; a key that is known stays as it is.
    pub company_keys: Vec<CompanyKey>,
    /// New contacts.
    pub contacts: Vec<Contact>,
    /// Contacts that the rows complete, with the version that was read. One that a person has
    /// changed meanwhile is left as it is.
    pub changed_contacts: Vec<Contact>,
    /// New identities; one that exists already stays as it is.
    pub identities: Vec<SourceIdentity>,
    /// Keys of known identities that were empty so far.
    pub identity_keys: Vec<IdentityKeys>,
    /// What people allow, as the rows say.
    pub consents: Vec<Consent>,
    /// Notes; one that exists already stays as it is.
    pub notes: Vec<Note>,
    /// New products, or known ones (same id and stock-keeping unit) whose name, category or price
    /// may have changed.
    pub products: Vec<Product>,
    /// New campaigns, or known ones whose dates, state or budget have changed.
    pub campaigns: Vec<Campaign>,
    /// New orders, or known ones whose buyer, time or state may have changed. Their amounts and
    /// line counts are derived when the batch is written.
    pub orders: Vec<Order>,
    /// Lines of these or earlier orders; a known line is replaced where it differs.
    pub lines: Vec<OrderLine>,
    /// New tickets; a known number is left as it is.
    pub tickets: Vec<ImportedTicket>,
    /// Known tickets whose state, priority, owner or customer has changed. One that a person has
    /// edited is left as it is.
    pub changed_tickets: Vec<Ticket>,
    /// New deals; a known id is left as it is.
    pub deals: Vec<Deal>,
    /// Known deals that the rows bring up to date. One that a person has edited is left as it is.
    pub changed_deals: Vec<Deal>,
    /// New tasks; a known id is left as it is.
    pub tasks: Vec<Task>,
    /// Known tasks that the rows bring up to date. One that a person has edited is left as it is.
    pub changed_tasks: Vec<Task>,
    /// Records that the rows tell of and that were there before, products and employers that they
    /// only name included. What the batch changes, orders of which it has lines, and the people whom
    /// the rows are about need not be named.
    pub seen: Vec<SeenRecord>,
    /// The rows as read.
    pub source_records: Vec<SourceRecord>,
    /// The rows that were not taken.
    pub rejected: Vec<RejectedRow>,
    /// Files that the lake has written for the events of these rows.
    pub event_segments: Vec<EventSegment>,
}

impl ImportBatch {
    /// A batch without rows, to be filled.
    pub fn empty(import_id: ImportId, rows_before: u64) -> Self {
        Self {
            import_id,
            rows_before,
            rows_done: rows_before,
            bytes_done: 0,
            counts: ImportCounts::default(),
            companies: Vec::new(),
            changed_companies: Vec::new(),
            company_keys: Vec::new(),
            contacts: Vec::new(),
            changed_contacts: Vec::new(),
            identities: Vec::new(),
            identity_keys: Vec::new(),
            consents: Vec::new(),
            notes: Vec::new(),
            products: Vec::new(),
            campaigns: Vec::new(),
            orders: Vec::new(),
            lines: Vec::new(),
            tickets: Vec::new(),
            changed_tickets: Vec::new(),
            deals: Vec::new(),
            changed_deals: Vec::new(),
            tasks: Vec::new(),
            changed_tasks: Vec::new(),
            seen: Vec::new(),
            source_records: Vec::new(),
            rejected: Vec::new(),
            event_segments: Vec::new(),
        }
    }
}

/// What a written batch has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommittedBatch {
    /// Orders that are new or have changed.
    pub n_orders: u64,
    /// Order lines that are new or have changed.
    pub n_lines: u64,
    /// Contacts that a person has changed meanwhile and that were left as they are.
    pub n_contacts_kept: u64,
    /// Companies of which the same is true.
    pub n_companies_kept: u64,
    /// Tickets of which the same is true.
    pub n_tickets_kept: u64,
    /// Deals of which the same is true.
    pub n_deals_kept: u64,
    /// Tasks of which the same is true.
    pub n_tasks_kept: u64,
}

impl CommittedBatch {
    /// Records that a person has changed meanwhile and that were left as they are.
    pub const fn n_kept(&self) -> u64 {
        self.n_contacts_kept
            + self.n_companies_kept
            + self.n_tickets_kept
            + self.n_deals_kept
            + self.n_tasks_kept
    }
}
