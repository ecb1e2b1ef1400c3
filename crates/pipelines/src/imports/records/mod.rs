//! The records as the rows of an import find them: what is stored and, over it, what earlier rows have
//! made that is not stored yet.
//!
//! While one batch is written the rows after it are looked at already. Whether the database shows that
//! batch by then is chance; so the batch itself says what its records will be, and the database is asked
//! for the others alone. A dry run is the same for all of its batches, since none of them is written.

mod companies;
mod orders;
mod people;
mod related;

pub(super) use self::orders::told_over;

use std::collections::HashMap;
use std::hash::Hash;

use rapport_domain::SourceId;
use rapport_store::Store;
use rapport_store::imports::ImportBatch;

use self::companies::CompaniesAhead;
use self::orders::OrdersAhead;
use self::people::PeopleAhead;
use self::related::RelatedAhead;

/// What is stored, and what is expected beyond.
pub(super) struct Records<'a> {
    store: &'a Store,
    source_id: SourceId,
    ahead: Ahead,
}

impl<'a> Records<'a> {
    /// What is stored, as a source knows it.
    pub(super) fn stored(store: &'a Store, source_id: SourceId) -> Self {
        Self {
            store,
            source_id,
            ahead: Ahead::default(),
        }
    }

    /// Counts a batch as written from now on. It must follow on what is stored and on the batches that
    /// are expected before it.
    pub(super) fn expect(&mut self, batch: &ImportBatch) {
        self.ahead.add(batch);
    }

    /// Counts one batch as written from now on, and all that were expected before it as stored.
    pub(super) fn expect_next(&mut self, ahead: Ahead) {
        self.ahead = ahead;
    }
}

/// What batches make of what is stored, before they are written.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    people: PeopleAhead,
    companies: CompaniesAhead,
    orders: OrdersAhead,
    related: RelatedAhead,
}

impl Ahead {
    /// What one batch makes.
    pub(super) fn of(batch: &ImportBatch) -> Self {
        let mut ahead = Self::default();
        ahead.add(batch);
        ahead
    }

    fn add(&mut self, batch: &ImportBatch) {
        self.people.add(batch);
        self.companies.add(batch);
        self.orders.add(batch);
        self.related.add(batch);
    }
}

/// Parts what is expected from the keys that the store is to be asked for.
fn split<K: Copy + Eq + Hash, R: Clone>(expected: &HashMap<K, R>, keys: &[K]) -> (Vec<R>, Vec<K>) {
    let (mut found, mut open) = (Vec::new(), Vec::new());
    for key in keys {
        match expected.get(key) {
            Some(record) => found.push(record.clone()),
            None => open.push(*key),
        }
    }
    (found, open)
}
