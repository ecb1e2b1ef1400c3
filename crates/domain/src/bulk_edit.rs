//! Bulk edits: one change of many records, which can be taken back.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    CompanyChange, ContactChange, DealChange, FieldChange, ObjectKind, TaskChange, TicketChange,
};

/// What a bulk edit does to each of its records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// Changes contacts.
    ChangeContacts(Vec<ContactChange>),
    /// Changes companies.
    ChangeCompanies(Vec<CompanyChange>),
    /// Changes deals.
    ChangeDeals(Vec<DealChange>),
    /// Changes tickets.
    ChangeTickets(Vec<TicketChange>),
    /// Changes tasks.
    ChangeTasks(Vec<TaskChange>),
    /// Deletes records of a kind.
    Delete(ObjectKind),
}

impl BulkAction {
    /// The kind of records that it is done to.
    pub const fn object(&self) -> ObjectKind {
        match self {
            Self::ChangeContacts(_) => ObjectKind::Contact,
            Self::ChangeCompanies(_) => ObjectKind::Company,
            Self::ChangeDeals(_) => ObjectKind::Deal,
            Self::ChangeTickets(_) => ObjectKind::Ticket,
            Self::ChangeTasks(_) => ObjectKind::Task,
            Self::Delete(object) => *object,
        }
    }

    /// The fields that it sets, by the names under which roles have rules for them.
    pub fn fields(&self) -> BTreeSet<Cow<'static, str>> {
        fn named<C: FieldChange>(changes: &[C]) -> BTreeSet<Cow<'static, str>> {
            changes.iter().map(FieldChange::field).collect()
        }
        match self {
            Self::ChangeContacts(changes) => named(changes),
            Self::ChangeCompanies(changes) => named(changes),
            Self::ChangeDeals(changes) => named(changes),
            Self::ChangeTickets(changes) => named(changes),
            Self::ChangeTasks(changes) => named(changes),
            Self::Delete(_) => BTreeSet::new(),
        }
    }
}

/// Where a bulk edit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkEditStatus {
    /// Waits for a worker.
    Queued,
    /// Records are being changed.
    Running,
    /// All records were changed or refused.
    Done,
    /// It stopped; what was done stays, and can be taken back.
    Failed,
    /// A person stopped it; what was done stays, and can be taken back.
    Cancelled,
    /// It is being taken back.
    Undoing,
    /// It is taken back.
    Undone,
}

/// Why a record was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// There is no such record, or it is not seen.
    NotFound,
    /// It is somebody else's to change.
    NotAllowed,
    /// Somebody has changed it since the records were chosen.
    Conflict,
    /// It would break a rule.
    Invalid,
    /// Another record has the value, which must be unique.
    Taken,
    /// The colleague would have more records than the rule of the pool allows.
    ClaimLimit,
}

/// What became of the records of a bulk edit, as far as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BulkCounts {
    /// Records that were changed or deleted.
    pub changed: u64,
    /// Records that held the values already.
    pub unchanged: u64,
    /// Records that were left as they are, by reason.
    pub refused: BTreeMap<RefusalReason, u64>,
}

impl BulkCounts {
    /// All records that were left as they are.
    pub fn n_refused(&self) -> u64 {
        self.refused.values().sum()
    }

    /// Adds what became of more records.
    pub fn add(&mut self, more: &Self) {
        self.changed += more.changed;
        self.unchanged += more.unchanged;
        for (reason, n) in &more.refused {
            *self.refused.entry(*reason).or_default() += n;
        }
    }
}
