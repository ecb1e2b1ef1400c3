//! Restoring: columns that still hold what the import wrote get back what stood there before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::{ConnectionTrait as _, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::Batch;
use super::conflicts::{self, NewConflict};
use super::heirs::{self, StayingOrders};
use super::write::Restorable;
use crate::StoreError;
use crate::entities::{
    campaign, company, contact, deal, identity, order, order_line, product, ticket,
};
use crate::imports::journal::{self, Change, Overwritten, RecordKey, RecordKind, rows_by};
use crate::journal::{ConflictReason, compare};
use crate::sql::{self, Sql};

/// Restores what a batch has changed, but for orders that stay; returns which of the touched ones do.
pub(super) async fn restore(
    batch: &Batch<'_>,
    mut changes: BTreeMap<RecordKind, Vec<Change>>,
    touched: &[Uuid],
) -> Result<StayingOrders, StoreError> {
    let mut staying = StayingOrders::new();
    for kind in RecordKind::ALL {
        // Not before it is their turn: orders are held after what they refer to, as everywhere.
        if kind == RecordKind::Orders {
            staying = heirs::of_orders(batch, touched).await?;
        }
        let Some(changes) = changes.remove(&kind) else {
            continue;
        };
        match kind {
            RecordKind::Companies => restore_kind::<company::Entity>(batch, changes).await?,
            RecordKind::Products => restore_kind::<product::Entity>(batch, changes).await?,
            RecordKind::Campaigns => restore_kind::<campaign::Entity>(batch, changes).await?,
            RecordKind::Identities => restore_kind::<identity::Entity>(batch, changes).await?,
            RecordKind::Contacts => restore_kind::<contact::Entity>(batch, changes).await?,
            RecordKind::Orders => {
                let rest = bequeath::<order::Entity>(batch, changes, &staying).await?;
                restore_kind::<order::Entity>(batch, rest).await?;
            }
            RecordKind::OrderLines => {
                let rest = bequeath::<order_line::Entity>(batch, changes, &staying).await?;
                restore_lines(batch, rest).await?;
            }
            RecordKind::Tickets => restore_kind::<ticket::Entity>(batch, changes).await?,
            RecordKind::Deals => restore_kind::<deal::Entity>(batch, changes).await?,
            // These are made and never changed.
            RecordKind::CompanyKeys | RecordKind::Consents | RecordKind::Notes => {}
        }
    }
    Ok(staying)
}

/// Leaves what was done to orders that stay as it is, as their heirs' where they have some; returns the
/// rest.
async fn bequeath<E: Restorable>(
    batch: &Batch<'_>,
    changes: Vec<Change>,
    staying: &StayingOrders,
) -> Result<Vec<Change>, StoreError> {
    let stays = |change: &Change| staying.contains_key(&change.key.id);
    let (left, rest): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(stays);
    let rows = rows_of::<E>(batch, &left).await?;
    let mut found = Vec::new();
    for change in left {
        let Some(row) = rows.get(&change.key) else {
            found.extend(whole::<E>(&change, ConflictReason::Deleted));
            continue;
        };
        let heir = staying[&change.key.id];
        if let Some(heir) = heir {
            journal::inherit_change(batch.tx, heir, E::KIND, &change).await?;
        }
        let current = E::columns(row);
        for (field, before) in &change.before {
            let after = change.after.get(field).unwrap_or(&Json::Null);
            let value = current.get(field).unwrap_or(&Json::Null);
            let reason = match heir {
                None => ConflictReason::HasEvents,
                Some(_) if value == after => ConflictReason::ToldAgain,
                Some(_) => ConflictReason::ChangedByImport,
            };
            found.push(NewConflict {
                kind: E::KIND,
                key: change.key,
                name: E::label(row).to_owned(),
                reason,
                field: field.clone(),
                before: Some(before.clone()),
                after: Some(after.clone()),
                found: Some(value.clone()),
                held_by: heir,
            });
        }
    }
    conflicts::add(batch, found).await?;
    Ok(rest)
}

/// Lines of an order of which the head was left are left with it: the history of an order is one
/// whole.
async fn restore_lines(batch: &Batch<'_>, changes: Vec<Change>) -> Result<(), StoreError> {
    let kept = conflicts::kept_orders(batch.tx, batch.id).await?;
    let (left, rest): (Vec<Change>, Vec<Change>) = changes
        .into_iter()
        .partition(|change| kept.contains_key(&change.key.id));
    let left = left
        .iter()
        .flat_map(|change| whole::<order_line::Entity>(change, kept[&change.key.id]));
    conflicts::add(batch, left.collect()).await?;
    restore_kind::<order_line::Entity>(batch, rest).await
}

async fn restore_kind<E: Restorable>(
    batch: &Batch<'_>,
    changes: Vec<Change>,
) -> Result<(), StoreError> {
    let mut rows = rows_of::<E>(batch, &changes).await?;
    let later = match E::KIND {
        // What later imports tell of is not restored at all.
        RecordKind::Orders | RecordKind::OrderLines => HashMap::new(),
        kind => journal::later(batch.tx, batch.id, kind, &ids_of(&changes)).await?,
    };
    let mut found = Vec::new();
    for change in changes {
        let Some(row) = rows.remove(&change.key) else {
            found.extend(whole::<E>(&change, ConflictReason::Deleted));
            continue;
        };
        let overwritten = match later.get(&change.key.id) {
            Some(later) => journal::unlink(batch.tx, later, E::KIND, &change).await?,
            None => Overwritten::new(),
        };
        let (restored, left) = compare::<E>(batch.tx, &change, &row, &overwritten).await?;
        let name = E::label(&row);
        found.extend(
            left.into_iter()
                .map(|left| NewConflict::of_column(E::KIND, change.key, name, left)),
        );
        if !restored.is_empty() {
            let restored_row = E::with(&row, &restored)?;
            E::write(batch, &row, restored_row).await?;
            note_restored(batch, E::KIND, change.key).await?;
        }
    }
    conflicts::add(batch, found).await
}

fn ids_of(changes: &[Change]) -> Vec<Uuid> {
    let ids: BTreeSet<Uuid> = changes.iter().map(|change| change.key.id).collect();
    ids.into_iter().collect()
}

async fn rows_of<E: Restorable>(
    batch: &Batch<'_>,
    changes: &[Change],
) -> Result<HashMap<RecordKey, E::Model>, StoreError> {
    let ids: Vec<Value> = sql::ids(&ids_of(changes)).collect();
    let rows = rows_by::<E>(batch.tx, E::ID, &ids).await?;
    Ok(rows.into_iter().map(|row| (E::key(&row), row)).collect())
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
        held_by: None,
    });
    fields.collect()
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
