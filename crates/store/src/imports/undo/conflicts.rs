//! What an undo left as others had made it, and why.

use std::collections::HashMap;

use rapport_domain::ImportId;
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, QuerySelect as _,
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::Batch;
use crate::entities::import_conflict;
use crate::imports::RecordKind;
use crate::imports::journal::RecordKey;
use crate::journal::{ConflictReason, Left};
use crate::lists::{Field, Kind, Listing, page};
use crate::sql::{self, Sql};
use crate::{ListQuery, Page, Store, StoreError, bulk, codec, record};

/// Longest name of a record that is kept, in characters.
const NAME_CHARS_MAX: usize = 200;

/// Something that an undo left as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportConflict {
    /// Its number.
    pub seq: i64,
    /// Kind of the record.
    pub kind: RecordKind,
    /// The record; of a line the order.
    pub record_id: Uuid,
    /// Number of the line, 0 for all others.
    pub line_no: i64,
    /// What people call the record; empty where it is gone.
    pub name: String,
    /// Why it was left.
    pub reason: ConflictReason,
    /// The column; none where the record itself should have been deleted.
    pub field: Option<String>,
    /// What stood there before the import.
    pub before: Option<Json>,
    /// What the import wrote.
    pub after: Option<Json>,
    /// What stands there now.
    pub found: Option<Json>,
}

/// A conflict to be written.
pub(super) struct NewConflict {
    pub(super) kind: RecordKind,
    pub(super) key: RecordKey,
    pub(super) name: String,
    pub(super) reason: ConflictReason,
    pub(super) field: String,
    pub(super) before: Option<Json>,
    pub(super) after: Option<Json>,
    pub(super) found: Option<Json>,
    /// The import that inherits it.
    pub(super) held_by: Option<ImportId>,
}

impl NewConflict {
    /// A column that stays.
    pub(super) fn of_column(kind: RecordKind, key: RecordKey, name: &str, left: Left) -> Self {
        Self {
            kind,
            key,
            name: name.to_owned(),
            reason: left.reason,
            field: left.field,
            before: left.before,
            after: left.after,
            found: left.found,
            held_by: left.held_by,
        }
    }

    /// A record that the import made and that stays.
    pub(super) fn of_record(
        kind: RecordKind,
        key: RecordKey,
        name: String,
        reason: ConflictReason,
        held_by: Option<ImportId>,
    ) -> Self {
        Self {
            kind,
            key,
            name,
            reason,
            field: String::new(),
            before: None,
            after: None,
            found: None,
            held_by,
        }
    }
}

/// Writes conflicts. Of a column that several batches had changed, one is kept: with what stood there
/// before the first of them.
pub(super) async fn add(batch: &Batch<'_>, new: Vec<NewConflict>) -> Result<(), StoreError> {
    let text = |value: Option<Json>| value.map(|value| value.to_string());
    let rows: Vec<_> = new
        .into_iter()
        .map(|conflict| import_conflict::Model {
            // The database numbers the rows.
            seq: 0,
            import_id: batch.id.into(),
            object: conflict.kind.name(),
            record_id: conflict.key.id,
            line_no: conflict.key.line_no,
            name: conflict.name.chars().take(NAME_CHARS_MAX).collect(),
            reason: codec::name_of(&conflict.reason),
            field: conflict.field,
            before: text(conflict.before),
            after: text(conflict.after),
            found: text(conflict.found),
            held_by: conflict.held_by.map(Into::into),
        })
        .collect();
    let on_repeat = "ON CONFLICT (import_id, object, record_id, line_no, field) \
                     DO UPDATE SET before = excluded.before, held_by = excluded.held_by";
    bulk::insert_except::<import_conflict::Entity>(batch.tx, rows, &["seq"], on_repeat).await?;
    Ok(())
}

/// Orders of whose heads something was left, and why: their lines stay, too.
pub(super) async fn kept_orders(
    tx: &DatabaseTransaction,
    import: ImportId,
) -> Result<HashMap<Uuid, ConflictReason>, StoreError> {
    let rows: Vec<(Uuid, String)> = import_conflict::Entity::find()
        .select_only()
        .column(import_conflict::Column::RecordId)
        .column(import_conflict::Column::Reason)
        .filter(import_conflict::Column::ImportId.eq(Uuid::from(import)))
        .filter(import_conflict::Column::Object.eq(RecordKind::Orders.name()))
        .filter(import_conflict::Column::Field.ne(""))
        .into_tuple()
        .all(tx)
        .await?;
    rows.into_iter()
        .map(|(id, reason)| Ok((id, codec::member("import_conflicts.reason", &reason)?)))
        .collect()
}

const KINDS: &[&str] = &[
    "companies",
    "company_keys",
    "products",
    "campaigns",
    "identities",
    "contacts",
    "consents",
    "notes",
    "orders",
    "order_lines",
    "tickets",
    "deals",
];

const REASONS: &[&str] = &[
    "changed",
    "deleted",
    "edited",
    "in_use",
    "changed_by_import",
    "told_again",
    "has_events",
    "taken",
];

const FIELDS: &[Field] = &[
    Field::required("kind", "k.object", Kind::Choice(KINDS)),
    Field::required("reason", "k.reason", Kind::Choice(REASONS)),
    Field::required("record_id", "k.record_id", Kind::Id),
];

/// Lists what an undo left as it is, in the order in which it was met.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list_conflicts(
    store: &Store,
    import: ImportId,
    query: &ListQuery,
) -> Result<Page<ImportConflict>, StoreError> {
    let listing = Listing {
        object: "conflicts",
        table: "import_conflicts",
        alias: "k",
        columns: record::columns::<import_conflict::Entity>("k", "k_"),
        joins: "",
        scope: Some(Sql::of(
            store.backend(),
            "k.import_id = ?",
            [sql::id(import)],
        )),
        fields: FIELDS,
        key: Field::required("seq", "k.seq", Kind::Integer),
        default_sort: "seq",
        search: None,
    };
    page(store, &listing, query, |row| {
        import_conflict::Model::from_query_result(row, "k_")?.try_into()
    })
    .await
}

impl TryFrom<import_conflict::Model> for ImportConflict {
    type Error = StoreError;

    fn try_from(row: import_conflict::Model) -> Result<Self, StoreError> {
        let json = |text: Option<String>| {
            codec::from_json_option("import_conflicts.before", text.as_deref())
        };
        Ok(Self {
            seq: row.seq,
            kind: codec::member("import_conflicts.object", &row.object)?,
            record_id: row.record_id,
            line_no: row.line_no,
            name: row.name,
            reason: codec::member("import_conflicts.reason", &row.reason)?,
            field: Some(row.field).filter(|field| !field.is_empty()),
            before: json(row.before)?,
            after: json(row.after)?,
            found: json(row.found)?,
        })
    }
}
