//! Imports: what becomes of other people's files, row by row.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ContactId, EmailAddress, IdentityId, PhoneNumber, SourceId, Timestamp};

/// What the rows of a file are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// One person a row.
    Contacts,
    /// One order line a row, with its order, product and buyer.
    OrderLines,
    /// One event a row.
    Events,
    /// One ticket a row.
    Tickets,
    /// One product a row.
    Products,
    /// One company a row.
    Companies,
    /// One campaign a row.
    Campaigns,
    /// One deal a row, with its customer.
    Deals,
    /// One task a row, with what it is about.
    Tasks,
    /// One note a row, with what it is about.
    Notes,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// Uploaded; the mapping waits for a look.
    Ready,
    /// Waits for a worker.
    Queued,
    /// Being read.
    Running,
    /// All rows are in or rejected.
    Done,
    /// Stopped by an error; what was committed stays and a retry goes on from there.
    Failed,
    /// Stopped by a person.
    Cancelled,
    /// Being taken back, or taken back in part: what is left may be taken back later.
    Undoing,
    /// Taken back: what it made is gone, and what it changed is as it was before, except for what
    /// others have changed since.
    Undone,
}

/// Why a row was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// A column that the object cannot do without is empty.
    MissingValue,
    /// A date or time in no known format.
    BadDate,
    /// A number that cannot be read.
    BadNumber,
    /// An e-mail address that cannot be one.
    BadEmail,
    /// A phone number that cannot be one.
    BadPhone,
    /// More or fewer cells than the header, or an unclosed quote.
    BadRow,
    /// Bytes that are not text in the file's encoding.
    BadEncoding,
    /// Anything else that breaks a rule of the object.
    Invalid,
    /// The file may only make new records, and this one is here already.
    ExistsAlready,
    /// The file may only change records, and this one is not here.
    NoSuchRecord,
    /// A record that the row refers to is not here, and the file may make none.
    UnknownReference,
    /// A value that one record alone can have is another record's.
    Clash,
}

/// A row that was not taken: kept, so that it can be mended and imported again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// Line in the file where the row begins, from 1 with the header counted.
    pub line: u64,
    /// Name of the offending column, where one is to blame.
    pub column: Option<String>,
    /// What stood there.
    pub value: Option<String>,
    /// Why the row was not taken.
    pub reason: RejectReason,
    /// What to do, for people.
    pub message: String,
    /// The whole row as read, cell by cell.
    pub cells: Vec<String>,
}

/// How many rows went where.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Rows read, header left out.
    pub read: u64,
    /// Rows taken.
    pub accepted: u64,
    /// Rows taken that were here already and changed nothing.
    pub unchanged: u64,
    /// Rows not taken, by reason.
    pub rejected: BTreeMap<RejectReason, u64>,
    /// Values that rows which were taken had to leave out, by reason.
    #[serde(default)]
    pub left_out: BTreeMap<LeftOutReason, u64>,
    /// The first of these.
    #[serde(default)]
    pub first_left_out: Vec<LeftOut>,
}

/// Why a row was taken without one of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// It names a record, or a colleague, that is not here.
    NoSuchRecord,
}

/// A value that a row names and that was left out, while the row was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Line in the file where the row begins, from 1 with the header counted.
    pub line: u64,
    /// Name of its column, where one has it.
    pub column: Option<String>,
    /// What stands there.
    pub value: String,
    /// Why it was left out.
    pub reason: LeftOutReason,
}

impl ImportCounts {
    /// Values that were left out and are listed; beyond that they are counted.
    pub const LEFT_OUT_LISTED: usize = 100;

    /// All rows not taken.
    pub fn n_rejected(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Counts a value that was left out, and keeps it where it is among the first.
    pub fn leave_out(&mut self, left_out: LeftOut) {
        *self.left_out.entry(left_out.reason).or_default() += 1;
        if self.first_left_out.len() < Self::LEFT_OUT_LISTED {
            self.first_left_out.push(left_out);
        }
    }
}

/// The rule by which a source's record was tied to a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchRule {
    /// Same external id at the same source.
    ExternalId,
    /// Same e-mail address.
    Email,
    /// Same phone number.
    Phone,
    /// Nobody matched: the record made the contact.
    Created,
    /// The source itself had merged the record into another of its own.
    MergedAtSource,
}

/// One source's view of a person. Moving it between contacts is how merges and their undoing work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceIdentity {
    /// Identifier.
    pub id: IdentityId,
    /// The source.
    pub source_id: SourceId,
    /// What the source calls the person: its external id, else e-mail, else phone.
    pub profile_key: String,
    /// E-mail address as the source gave it, normalized.
    pub email: Option<EmailAddress>,
    /// Phone number as the source gave it, normalized.
    pub phone: Option<PhoneNumber>,
    /// The contact it feeds.
    pub contact_id: ContactId,
    /// Why it feeds that contact.
    pub rule: MatchRule,
    /// Since when.
    pub linked_at: Timestamp,
}
