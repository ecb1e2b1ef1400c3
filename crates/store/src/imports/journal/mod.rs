//! The journal of an import: which records each batch has made, and what stood in the columns that it
//! has changed. It is written in the transaction of the batch, so that it tells exactly what is in.
//!
//! Of a record that was made only the key is kept, sixteen bytes; what it held came from the file.
//! Columns that follow from others are left out: they are derived anew.

mod effects;
mod inherit;
mod kinds;
mod read;
mod sightings;
mod watch;

use rapport_domain::ImportId;
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::sightings::Told;
use crate::entities::{import_change, import_creation};
use crate::{StoreError, bulk, codec};

pub use effects::{Effects, effects, has_made};

pub(super) use crate::journal::{Change, Columns, Overwritten, RecordKey, rows_by};
pub(super) use inherit::{inherit_change, inherit_creations, unlink};
pub(super) use kinds::Journaled;
pub(super) use read::{Creation, changes_of, creations_of};
pub(super) use sightings::later;

/// The kinds of records that an import makes and changes; a record refers only to kinds before its
/// own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// Companies.
    Companies,
    /// What sources call companies. They hang on companies, and go with them.
    CompanyKeys,
    /// Products.
    Products,
    /// Campaigns.
    Campaigns,
    /// What sources call people. They hang on contacts, and go with them.
    Identities,
    /// Contacts.
    Contacts,
    /// What people allow.
    Consents,
    /// Notes.
    Notes,
    /// Orders.
    Orders,
    /// Lines of orders.
    OrderLines,
    /// Tickets.
    Tickets,
    /// Deals.
    Deals,
    /// Tasks.
    Tasks,
}

impl RecordKind {
    /// All kinds, what is referred to first.
    pub(super) const ALL: [Self; 13] = [
        Self::Companies,
        Self::CompanyKeys,
        Self::Products,
        Self::Campaigns,
        Self::Identities,
        Self::Contacts,
        Self::Consents,
        Self::Notes,
        Self::Orders,
        Self::OrderLines,
        Self::Tickets,
        Self::Deals,
        Self::Tasks,
    ];

    /// Its name, which is that of its table, too.
    pub(super) fn name(self) -> String {
        codec::name_of(&self)
    }

    /// The kind that records of this one are told of with.
    const fn told_as(self) -> Self {
        match self {
            Self::OrderLines => Self::Orders,
            kind => kind,
        }
    }

    fn push_key(self, bytes: &mut Vec<u8>, key: RecordKey) {
        bytes.extend_from_slice(key.id.as_bytes());
        if self == Self::OrderLines {
            bytes.extend_from_slice(&key.line_no.to_be_bytes());
        }
    }

    /// Bytes of a key in the journal: an id, and of a line its number, too.
    const fn key_bytes(self) -> usize {
        match self {
            Self::OrderLines => 24,
            _ => 16,
        }
    }
}

/// What one batch does, gathered until it is done.
pub(super) struct Journal<'t> {
    tx: &'t DatabaseTransaction,
    import_id: ImportId,
    batch_no: i64,
    creations: Vec<import_creation::Model>,
    changes: Vec<import_change::Model>,
    told: Told,
}

impl<'t> Journal<'t> {
    pub(super) fn new(tx: &'t DatabaseTransaction, import_id: ImportId, batch_no: i64) -> Self {
        Self {
            tx,
            import_id,
            batch_no,
            creations: Vec::new(),
            changes: Vec::new(),
            told: Told::new(),
        }
    }

    /// Notes that the batch tells of records that were there before.
    pub(super) fn told(&mut self, kind: RecordKind, ids: impl IntoIterator<Item = Uuid>) {
        let kind = kind.told_as();
        self.told.extend(ids.into_iter().map(|id| (kind, id)));
    }

    /// Notes that records were made. A key that was not written after all does no harm: there is
    /// nothing to take back then. `stamp` is the latest instant that their own columns tell: a later
    /// one there means that somebody has changed the record.
    pub(super) fn created(
        &mut self,
        kind: RecordKind,
        keys: impl IntoIterator<Item = RecordKey>,
        stamp: Option<i64>,
    ) {
        let mut bytes = Vec::new();
        for key in keys {
            kind.push_key(&mut bytes, key);
        }
        if !bytes.is_empty() {
            self.creations.push(import_creation::Model {
                import_id: self.import_id.into(),
                batch_no: self.batch_no,
                object: kind.name(),
                keys: bytes,
                stamp,
            });
        }
    }

    /// Writes all of it down.
    pub(super) async fn save(self) -> Result<(), StoreError> {
        bulk::insert::<import_creation::Entity>(self.tx, self.creations, "").await?;
        bulk::insert::<import_change::Entity>(self.tx, self.changes, "").await?;
        sightings::note(self.tx, self.import_id, self.batch_no, &self.told).await
    }
}
