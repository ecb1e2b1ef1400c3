//! What a batch of rows adds to the ledger.

use std::collections::BTreeMap;

use rapport_domain::{ImportCounts, Timestamp};

use super::ImportBatch;
use crate::entities::import;
use crate::ledger::{Channel, Entry, Outcome};
use crate::{StoreError, codec};

/// The rows by which a batch moves the import on, and what became of them. Rows come from where the
/// file is read, outcomes from what was made of them, so that a lost row shows.
pub(super) fn entry(before: import::Model, batch: &ImportBatch) -> Result<Entry, StoreError> {
    let counted: ImportCounts = codec::from_json("imports.counts", &before.counts)?;
    let n_seen = batch.rows_done.saturating_sub(batch.rows_before);
    let n_accepted = batch.counts.accepted.saturating_sub(counted.accepted);
    let n_unchanged = batch.counts.unchanged.saturating_sub(counted.unchanged);
    let mut rejected: BTreeMap<String, u64> = BTreeMap::new();
    for row in &batch.rejected {
        *rejected.entry(codec::name_of(&row.reason)).or_default() += 1;
    }
    let mut outcomes = vec![
        (Outcome::Seen, n_seen),
        (Outcome::Stored, n_accepted.saturating_sub(n_unchanged)),
        (Outcome::Duplicate, n_unchanged),
    ];
    outcomes.extend(
        rejected
            .into_iter()
            .map(|(reason, n)| (Outcome::Rejected(reason), n)),
    );
    Ok(Entry {
        source_id: before.source_id.into(),
        day: Timestamp::from_micros(before.created_at).date(),
        channel: Channel::Files,
        outcomes,
    })
}
