//! Watching rows while a batch writes them: read before, read after, and the difference kept.

use std::collections::HashMap;

use sea_orm::Value;

use super::{Journal, Journaled, RecordKey, rows_by};
use crate::entities::import_change;
use crate::journal::difference;
use crate::{StoreError, codec, sql};

/// Rows as they were before a batch wrote them.
pub(in crate::imports) struct Watched<E: Journaled> {
    before: HashMap<RecordKey, E::Model>,
}

impl<E: Journaled> Watched<E> {
    /// Whether the row was there before.
    pub(in crate::imports) fn has(&self, key: RecordKey) -> bool {
        self.before.contains_key(&key)
    }

    /// The rows that were there before.
    pub(in crate::imports) fn keys(&self) -> impl Iterator<Item = RecordKey> {
        self.before.keys().copied()
    }
}

impl Journal<'_> {
    /// Reads rows before they are written, by the values of a column.
    pub(in crate::imports) async fn watch<E: Journaled>(
        &self,
        column: &str,
        values: Vec<Value>,
    ) -> Result<Watched<E>, StoreError> {
        let rows = rows_by::<E>(self.tx, column, &values).await?;
        let before = rows.into_iter().map(|row| (E::key(&row), row)).collect();
        Ok(Watched { before })
    }

    /// Reads the rows again and keeps what has changed in them.
    pub(in crate::imports) async fn changed<E: Journaled>(
        &mut self,
        watched: &Watched<E>,
    ) -> Result<(), StoreError> {
        let mut ids: Vec<_> = watched.keys().map(|key| key.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<Value> = sql::ids(&ids).collect();
        for after in rows_by::<E>(self.tx, E::ID, &ids).await? {
            let key = E::key(&after);
            let Some(before) = watched.before.get(&key) else {
                continue;
            };
            // A version that has grown is kept too: it must not be taken for an edit by a person.
            if *before == after {
                continue;
            }
            self.told(E::KIND, [key.id]);
            let (before, after) = difference(E::columns(before), E::columns(&after));
            self.changes.push(import_change::Model {
                import_id: self.import_id.into(),
                batch_no: self.batch_no,
                object: E::KIND.name(),
                record_id: key.id,
                line_no: key.line_no,
                before: codec::to_json(&before),
                after: codec::to_json(&after),
                is_restored: false,
            });
        }
        Ok(())
    }
}
