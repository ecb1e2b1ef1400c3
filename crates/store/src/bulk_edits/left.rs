//! What a bulk edit, or its undo, left as it is, and why.

use rapport_domain::{BulkEditId, RefusalReason};
use sea_orm::{DatabaseTransaction, FromQueryResult as _};
use serde_json::Value as Json;
use uuid::Uuid;

use super::choose::listing_of;
use super::{ConflictReason, expect};
use crate::entities::{bulk_edit_conflict, bulk_edit_refusal};
use crate::journal::{self, Kept, Left};
use crate::lists::{Field, Kind, Listing, page};
use crate::sql::{self, Sql};
use crate::{ListQuery, Page, Store, StoreError, bulk, codec, custom_fields, record};

/// What those are told of a taken value who do not see all names.
const TAKEN: &str = "another record has this value already; choose another one";

/// A record that a bulk edit left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its number.
    pub seq: i64,
    /// The record.
    pub record_id: Uuid,
    /// What people call it; empty where it is not seen.
    pub name: String,
    /// Why.
    pub reason: RefusalReason,
    /// What to do.
    pub message: String,
}

/// Something that an undo left as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkConflict {
    /// Its number.
    pub seq: i64,
    /// The record.
    pub record_id: Uuid,
    /// What people call it; empty where it is gone or not seen.
    pub name: String,
    /// Why it was left.
    pub reason: ConflictReason,
    /// The column; none where the record itself should have come back.
    pub field: Option<String>,
    /// What stood there before the edit.
    pub before: Option<Json>,
    /// What the edit wrote.
    pub after: Option<Json>,
    /// What stands there now.
    pub found: Option<Json>,
}

/// A conflict to be written.
pub(super) struct NewConflict {
    pub(super) record_id: Uuid,
    pub(super) name: String,
    pub(super) left: Left,
}

/// Writes conflicts.
pub(super) async fn add_conflicts(
    tx: &DatabaseTransaction,
    edit_id: Uuid,
    conflicts: Vec<NewConflict>,
) -> Result<(), StoreError> {
    let rows = conflicts.into_iter().map(|conflict| {
        let kept = conflict.left.kept();
        bulk_edit_conflict::Model {
            // The database numbers the rows.
            seq: 0,
            bulk_edit_id: edit_id,
            record_id: conflict.record_id,
            name: conflict.name,
            reason: kept.reason,
            field: kept.field,
            before: kept.before,
            after: kept.after,
            found: kept.found,
        }
    });
    let rows: Vec<_> = rows.collect();
    let keep = "ON CONFLICT (bulk_edit_id, record_id, field) DO NOTHING";
    bulk::insert_except::<bulk_edit_conflict::Entity>(tx, rows, &["seq"], keep).await?;
    Ok(())
}

const REFUSALS: &[&str] = &[
    "not_found",
    "not_allowed",
    "conflict",
    "invalid",
    "taken",
    "claim_limit",
];

const FIELDS_OF_REFUSALS: &[Field] = &[
    Field::required("reason", "r.reason", Kind::Choice(REFUSALS)),
    Field::required("record_id", "r.record_id", Kind::Id),
];

/// Lists the records that a bulk edit left as they are, in the order in which it met them. Where names may
/// repeat what the store's user does not see, they are read anew, as the user sees them.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list_refused(
    store: &Store,
    edit: BulkEditId,
    query: &ListQuery,
) -> Result<Page<RefusedRow>, StoreError> {
    let listing = Listing {
        object: "refused rows",
        table: "bulk_edit_refusals",
        alias: "r",
        columns: record::columns::<bulk_edit_refusal::Entity>("r", "r_"),
        joins: "",
        scope: Some(Sql::of(
            store.backend(),
            "r.bulk_edit_id = ?",
            [sql::id(edit)],
        )),
        fields: FIELDS_OF_REFUSALS,
        key: Field::required("seq", "r.seq", Kind::Integer),
        default_sort: "seq",
        search: None,
    };
    let object = expect(store, edit).await?.object;
    let stands_in = store.lens().stands_in(listing_of(store, object)?.table);
    let mut page = page(store, &listing, query, |row| {
        let row = bulk_edit_refusal::Model::from_query_result(row, "r_")?;
        let reason = codec::member("bulk_edit_refusals.reason", &row.reason)?;
        // The text that was kept names the record that has the value.
        let is_told = !stands_in || reason != RefusalReason::Taken;
        let message = if is_told {
            row.message
        } else {
            TAKEN.to_owned()
        };
        Ok(RefusedRow {
            seq: row.seq,
            record_id: row.record_id,
            name: row.name,
            reason,
            message,
        })
    })
    .await?;
    let rows = page.items.iter_mut();
    let named = rows.map(|row| (row.record_id, &mut row.name));
    rename(store, edit, named.collect()).await?;
    Ok(page)
}

/// Replaces names by those that the store's user sees, where they may repeat what the user does not see.
async fn rename(
    store: &Store,
    edit: BulkEditId,
    mut named: Vec<(Uuid, &mut String)>,
) -> Result<(), StoreError> {
    let object = expect(store, edit).await?.object;
    let lens = store.lens();
    if !lens.stands_in(listing_of(store, object)?.table) {
        return Ok(());
    }
    let ids: Vec<Uuid> = named.iter().map(|(id, _)| *id).collect();
    let mut titles = custom_fields::titles_of(store.reader(), lens, object, &ids).await?;
    for (id, name) in &mut named {
        **name = titles.remove(id).unwrap_or_default();
    }
    Ok(())
}

const CONFLICTS: &[&str] = &["changed", "deleted", "taken", "not_allowed"];

const FIELDS_OF_CONFLICTS: &[Field] = &[
    Field::required("reason", "k.reason", Kind::Choice(CONFLICTS)),
    Field::required("record_id", "k.record_id", Kind::Id),
];

/// Lists what an undo left as it is, in the order in which it was met. Who does not see all fields of the
/// records is told no values.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list_conflicts(
    store: &Store,
    edit: BulkEditId,
    query: &ListQuery,
) -> Result<Page<BulkConflict>, StoreError> {
    let columns = record::columns::<bulk_edit_conflict::Entity>("k", "k_");
    let scope = Sql::of(store.backend(), "k.bulk_edit_id = ?", [sql::id(edit)]);
    let listing = journal::listing("bulk_edit_conflicts", columns, scope, FIELDS_OF_CONFLICTS);
    let object = expect(store, edit).await?.object;
    let shows_values = !store.lens().hides_some(listing_of(store, object)?.table);
    let mut page = page(store, &listing, query, |row| {
        let row = bulk_edit_conflict::Model::from_query_result(row, "k_")?;
        let told = Kept {
            reason: row.reason,
            field: row.field,
            before: row.before.filter(|_| shows_values),
            after: row.after.filter(|_| shows_values),
            found: row.found.filter(|_| shows_values),
        };
        let told = told.told()?;
        Ok(BulkConflict {
            seq: row.seq,
            record_id: row.record_id,
            name: row.name,
            reason: told.reason,
            field: told.field,
            before: told.before,
            after: told.after,
            found: told.found,
        })
    })
    .await?;
    let rows = page.items.iter_mut();
    let named = rows.map(|row| (row.record_id, &mut row.name));
    rename(store, edit, named.collect()).await?;
    Ok(page)
}
