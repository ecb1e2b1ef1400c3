//! Restoring: columns that still hold what the import wrote get back what stood there before.

use std::collections::{BTreeMap, HashMap, HashSet};

use sea_orm::{ConnectionTrait as _, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::Batch;
use super::conflicts::{self, ConflictReason, NewConflict};
use super::write::Restorable;
use crate::StoreError;
use crate::entities::{
    campaign, company, contact, deal, identity, order, order_line, product, ticket,
};
use crate::imports::journal::{Change, Columns, RecordKey, RecordKind, rows_by};
use crate::sql::{self, Sql};

/// Columns that name other records, and the tables of these.
const REFERENCES: [(&str, &str); 6] = [
    ("company_id", "companies"),
    ("contact_id", "contacts"),
    ("owner_id", "users"),
    ("product_id", "products"),
    ("pipeline_id", "pipelines"),
    ("stage_id", "stages"),
];

/// Restores what a batch has changed.
pub(super) async fn restore(
    batch: &Batch<'_>,
    mut changes: BTreeMap<RecordKind, Vec<Change>>,
) -> Result<(), StoreError> {
    for kind in RecordKind::ALL {
        let Some(changes) = changes.remove(&kind) else {
            continue;
        };
        match kind {
            RecordKind::Companies => restore_kind::<company::Entity>(batch, changes).await?,
            RecordKind::Products => restore_kind::<product::Entity>(batch, changes).await?,
            RecordKind::Campaigns => restore_kind::<campaign::Entity>(batch, changes).await?,
            RecordKind::Identities => restore_kind::<identity::Entity>(batch, changes).await?,
            RecordKind::Contacts => restore_kind::<contact::Entity>(batch, changes).await?,
            RecordKind::Orders => restore_kind::<order::Entity>(batch, changes).await?,
            RecordKind::OrderLines => restore_lines(batch, changes).await?,
            RecordKind::Tickets => restore_kind::<ticket::Entity>(batch, changes).await?,
            RecordKind::Deals => restore_kind::<deal::Entity>(batch, changes).await?,
            // These are made and never changed.
            RecordKind::CompanyKeys | RecordKind::Consents | RecordKind::Notes => {}
        }
    }
    Ok(())
}

/// Lines of an order that another import has changed since are left with it: the history of such
/// an order is one whole.
async fn restore_lines(batch: &Batch<'_>, changes: Vec<Change>) -> Result<(), StoreError> {
    let kept = conflicts::kept_orders(batch.tx, batch.id).await?;
    let (kept, changes): (Vec<Change>, Vec<Change>) = changes
        .into_iter()
        .partition(|change| kept.contains(&change.key.id));
    let mut found = Vec::new();
    for change in kept {
        found.extend(whole::<order_line::Entity>(
            &change,
            ConflictReason::ChangedByImport,
        ));
    }
    conflicts::add(batch, found).await?;
    restore_kind::<order_line::Entity>(batch, changes).await
}

async fn restore_kind<E: Restorable>(
    batch: &Batch<'_>,
    changes: Vec<Change>,
) -> Result<(), StoreError> {
    let ids: HashSet<Uuid> = changes.iter().map(|change| change.key.id).collect();
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    let ids: Vec<Value> = sql::ids(&ids).collect();
    let rows = rows_by::<E>(batch.tx, E::ID, &ids).await?;
    let mut rows: HashMap<RecordKey, E::Model> =
        rows.into_iter().map(|row| (E::key(&row), row)).collect();
    let mut found = Vec::new();
    for change in changes {
        let Some(row) = rows.remove(&change.key) else {
            found.extend(whole::<E>(&change, ConflictReason::Deleted));
            continue;
        };
        let current = E::columns(&row);
        let mut restored = Columns::new();
        for (field, before) in &change.before {
            let after = change.after.get(field).unwrap_or(&Json::Null);
            let value = current.get(field).unwrap_or(&Json::Null);
            if value == before {
                continue;
            }
            let reason = if value != after {
                ConflictReason::Changed
            } else if is_gone(batch, field, before).await? {
                ConflictReason::Deleted
            } else {
                restored.insert(field.clone(), before.clone());
                continue;
            };
            found.push(NewConflict {
                kind: E::KIND,
                key: change.key,
                name: E::label(&row).to_owned(),
                reason,
                field: field.clone(),
                before: Some(before.clone()),
                after: Some(after.clone()),
                found: Some(value.clone()),
            });
        }
        if !restored.is_empty() {
            let restored_row = E::with(&row, &restored)?;
            E::write(batch, &row, restored_row).await?;
            note_restored(batch, E::KIND, change.key).await?;
        }
    }
    conflicts::add(batch, found).await
}

/// A conflict of every column of a change.
fn whole<E: Restorable>(change: &Change, reason: ConflictReason) -> Vec<NewConflict> {
    let fields = change.before.iter().map(|(field, before)| NewConflict {
        kind: E::KIND,
        key: change.key,
        name: String::new(),
        reason,
        field: field.clone(),
        before: Some(before.clone()),
        after: change.after.get(field).cloned(),
        found: None,
    });
    fields.collect()
}

/// Whether a value names a record that is no more.
async fn is_gone(batch: &Batch<'_>, field: &str, value: &Json) -> Result<bool, StoreError> {
    let table = REFERENCES.iter().find(|(name, _)| *name == field);
    let id = value.as_str().and_then(|text| Uuid::try_parse(text).ok());
    let (Some((_, table)), Some(id)) = (table, id) else {
        return Ok(false);
    };
    let text = format!("SELECT 1 AS found FROM {table} WHERE id = ?");
    let statement = Sql::of(batch.tx.get_database_backend(), &text, [sql::id(id)]);
    Ok(statement.one(batch.tx).await?.is_none())
}

/// Notes that the undo has written a record once more, so that its version tells edits by others.
async fn note_restored(
    batch: &Batch<'_>,
    kind: RecordKind,
    key: RecordKey,
) -> Result<(), StoreError> {
    Sql::of(
        batch.tx.get_database_backend(),
        "UPDATE import_changes SET is_restored = ? \
         WHERE import_id = ? AND batch_no = ? AND object = ? AND record_id = ? AND line_no = ?",
        [
            true.into(),
            sql::id(batch.id),
            batch.batch_no.into(),
            sql::text(kind.name()),
            sql::id(key.id),
            key.line_no.into(),
        ],
    )
    .execute(batch.tx)
    .await?;
    Ok(())
}
