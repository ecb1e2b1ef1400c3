//! Deleting records, with all that brings them back.

use rapport_domain::Verb;
use sea_orm::ConnectionTrait as _;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::choose::Key;
use super::editable::Editable;
use super::remains::{self, Remains};
use super::run::{Editing, Journaled, Outcome, Rows};
use crate::connection::postgres;
use crate::sql::{self, Sql};
use crate::{StoreError, codec};

/// A deleted record as the journal keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Deleted {
    pub(super) row: Json,
    pub(super) remains: Remains,
}

/// Deletes records that their user may delete.
pub(super) async fn delete<E: Editable>(
    editing: &Editing<'_>,
    keys: &[Key],
) -> Result<Outcome, StoreError> {
    let (tx, guarded) = (editing.tx, E::GUARDED);
    let rows = Rows::<E>::read(editing, keys, Verb::Delete).await?;
    let mut outcome = Outcome::default();
    let mut free = Vec::with_capacity(keys.len());
    for key in keys {
        match rows.find(key) {
            Ok(row) => free.push((key.id, row)),
            Err(error) => outcome.refused.push(rows.refused(key, error)),
        }
    }
    let ids: Vec<Uuid> = free.iter().map(|(id, _)| *id).collect();
    let mut remains = remains::of(tx, guarded.kind, &ids).await?;
    for (id, row) in free {
        let deleted = Deleted {
            row: Json::Object(codec::columns(row)),
            remains: remains.remove(&id).unwrap_or_default(),
        };
        outcome.changed.push(Journaled {
            id,
            before: codec::to_json(&deleted),
            after: Json::Null.to_string(),
        });
    }
    let mut sql = Sql::new(tx.get_database_backend());
    sql.push("DELETE FROM ").push(guarded.table);
    sql.push(" WHERE id IN ").bind_list(sql::ids(&ids));
    let done = postgres::write_rows(tx, ids.len(), sql.execute(tx)).await;
    done.map_err(|error| StoreError::from(error).about(guarded.object).of_delete())?;
    Ok(outcome)
}
