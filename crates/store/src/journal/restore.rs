//! What of a change can be taken back: the columns that still hold what was written get back what stood
//! there before, unless that is gone or another record has it by now.

use std::collections::HashMap;

use rapport_domain::{CustomValues, ImportId, ObjectKind};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Change, Columns, ConflictReason, Tracked};
use crate::sql::{self, Sql};
use crate::{StoreError, codec, custom_fields};

/// Columns that name other records, and the tables of these.
const REFERENCES: [(&str, &str); 6] = [
    ("company_id", "companies"),
    ("contact_id", "contacts"),
    ("owner_id", "users"),
    ("product_id", "products"),
    ("pipeline_id", "pipelines"),
    ("stage_id", "stages"),
];

/// Columns of a change that a later import has changed again, each with that import.
pub(crate) type Overwritten = HashMap<String, ImportId>;

/// A column that is left as it is.
pub(crate) struct Left {
    pub(crate) field: String,
    pub(crate) reason: ConflictReason,
    pub(crate) before: Option<Json>,
    pub(crate) after: Option<Json>,
    pub(crate) found: Option<Json>,
    /// The import that inherits it.
    pub(crate) held_by: Option<ImportId>,
}

/// The columns of a row that get back what stood there before, and those that do not. A kind that is
/// one whole gets all of them back or none.
pub(crate) async fn compare<E: Tracked>(
    tx: &DatabaseTransaction,
    change: &Change,
    row: &E::Model,
    overwritten: &Overwritten,
) -> Result<(Columns, Vec<Left>), StoreError> {
    let current = E::columns(row);
    let (mut restored, mut left) = (Columns::new(), Vec::new());
    for (field, before) in &change.before {
        let after = change.after.get(field).unwrap_or(&Json::Null);
        let value = current.get(field).unwrap_or(&Json::Null);
        if value == before {
            continue;
        }
        let held_by = overwritten.get(field).copied();
        if held_by.is_some() || value != after {
            left.push((field, ConflictReason::Changed, held_by));
        } else if is_gone(tx, field, before).await? {
            left.push((field, ConflictReason::Deleted, None));
        } else if is_taken(tx, E::CUSTOM, change.key.id, field, before).await? {
            left.push((field, ConflictReason::Taken, None));
        } else {
            restored.insert(field.clone(), before.clone());
        }
    }
    if E::IS_WHOLE
        && let Some(&(_, reason, _)) = left.first()
    {
        let others = change.before.iter().map(|(field, _)| field);
        let others = others.filter(|&field| restored.contains_key(field));
        left.extend(others.map(|field| (field, reason, None)));
        restored.clear();
    }
    let left = left.into_iter().map(|(field, reason, held_by)| Left {
        field: field.clone(),
        reason,
        before: change.before.get(field).cloned(),
        after: change.after.get(field).cloned(),
        found: current.get(field).cloned(),
        held_by,
    });
    Ok((restored, left.collect()))
}

/// Whether a value names a record that is no more.
pub(crate) async fn is_gone(
    tx: &DatabaseTransaction,
    field: &str,
    value: &Json,
) -> Result<bool, StoreError> {
    let table = REFERENCES.iter().find(|(name, _)| *name == field);
    let id = value.as_str().and_then(|text| Uuid::try_parse(text).ok());
    let (Some((_, table)), Some(id)) = (table, id) else {
        return Ok(false);
    };
    let text = format!("SELECT 1 AS found FROM {table} WHERE id = ?");
    let statement = Sql::of(tx.get_database_backend(), &text, [sql::id(id)]);
    Ok(statement.one(tx).await?.is_none())
}

/// Whether custom values hold one that must be unique and is another record's by now.
pub(crate) async fn is_taken(
    tx: &DatabaseTransaction,
    object: Option<ObjectKind>,
    id: Uuid,
    field: &str,
    value: &Json,
) -> Result<bool, StoreError> {
    let (Some(object), "custom", Some(text)) = (object, field, value.as_str()) else {
        return Ok(false);
    };
    let values: CustomValues = codec::from_json("journal.before", text)?;
    match custom_fields::check_unique_among(tx, object, &[(id, &values)]).await {
        Err(StoreError::Taken { .. }) => Ok(true),
        other => other.map(|()| false),
    }
}
