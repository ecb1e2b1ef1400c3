//! What of a change can be taken back: the columns that still hold what was written get back what stood
//! there before, unless that is gone or another record has it by now.

use std::collections::{BTreeSet, HashMap};

use rapport_domain::{CustomValue, CustomValues, ImportId, ObjectKind};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use serde_json::{Value as Json, json};
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

/// The column of custom values.
const CUSTOM: &str = "custom";

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
/// one whole gets all of them back or none, and so do columns that follow from one another.
pub(crate) async fn compare<E: Tracked>(
    tx: &DatabaseTransaction,
    change: &Change,
    row: &E::Model,
    overwritten: &Overwritten,
) -> Result<(Columns, Vec<Left>), StoreError> {
    let current = E::columns(row);
    let (mut restored, mut left) = (Columns::new(), Vec::new());
    let mut left_custom = Vec::new();
    for (field, before) in &change.before {
        let after = change.after.get(field).unwrap_or(&Json::Null);
        let value = current.get(field).unwrap_or(&Json::Null);
        if value == before {
            continue;
        }
        let held_by = overwritten.get(field).copied();
        if let (CUSTOM, None, Some(object)) = (field.as_str(), held_by, E::CUSTOM) {
            let id = change.key.id;
            let custom = Custom::read([before, after, value])?;
            let (back, kept) = custom.compare(tx, object, id).await?;
            restored.extend(back.map(|back| (field.clone(), back)));
            left_custom.extend(kept);
            continue;
        }
        if held_by.is_some() || value != after {
            left.push((field, ConflictReason::Changed, held_by));
        } else if is_gone(tx, field, before).await? {
            left.push((field, ConflictReason::Deleted, None));
        } else {
            restored.insert(field.clone(), before.clone());
        }
    }
    let is_bound = |field: &str| E::IS_WHOLE || E::TOGETHER.contains(&field);
    // What a later import inherits comes back with that one, and binds only where the record is one whole.
    let binding = left
        .iter()
        .find(|(field, _, held_by)| is_bound(field) && (E::IS_WHOLE || held_by.is_none()));
    if let Some(&(_, reason, _)) = binding {
        let others = change.before.keys().filter(|field| is_bound(field));
        let others = others.filter(|&field| restored.contains_key(field));
        left.extend(others.map(|field| (field, reason, None)));
        restored.retain(|field, _| !is_bound(field));
    }
    let left = left.into_iter().map(|(field, reason, held_by)| Left {
        field: field.clone(),
        reason,
        before: change.before.get(field).cloned(),
        after: change.after.get(field).cloned(),
        found: current.get(field).cloned(),
        held_by,
    });
    Ok((restored, left.chain(left_custom).collect()))
}

/// The custom values of a record: before a change, after it, and now. Each is taken back by itself.
struct Custom {
    before: CustomValues,
    after: CustomValues,
    found: CustomValues,
}

impl Custom {
    fn read(columns: [&Json; 3]) -> Result<Self, StoreError> {
        let values = |column: &Json| match column.as_str() {
            Some(text) => codec::from_json("journal.before", text),
            None => Ok(CustomValues::new()),
        };
        let [before, after, found] = columns;
        Ok(Self {
            before: values(before)?,
            after: values(after)?,
            found: values(found)?,
        })
    }

    /// The column with the values that come back, if any do, and the values that do not.
    async fn compare(
        self,
        tx: &DatabaseTransaction,
        object: ObjectKind,
        id: Uuid,
    ) -> Result<(Option<Json>, Vec<Left>), StoreError> {
        let mut restored = self.found.clone();
        let mut left = Vec::new();
        let keys: BTreeSet<&String> = self.before.keys().chain(self.after.keys()).collect();
        for key in keys {
            let of = |values: &CustomValues| values.get(key).cloned();
            let (before, after, found) = (of(&self.before), of(&self.after), of(&self.found));
            if before == after || found == before {
                continue;
            }
            let reason = if found != after {
                ConflictReason::Changed
            } else if is_held(tx, object, id, key, before.as_ref()).await? {
                ConflictReason::Taken
            } else {
                match before {
                    Some(value) => restored.insert(key.clone(), value),
                    None => restored.remove(key),
                };
                continue;
            };
            let json = |value: Option<CustomValue>| value.map(|value| json!(value));
            left.push(Left {
                field: format!("{}{key}", custom_fields::PREFIX),
                reason,
                before: json(before),
                after: json(after),
                found: json(found),
                held_by: None,
            });
        }
        let is_changed = restored != self.found;
        let column = is_changed.then(|| Json::String(codec::to_json(&restored)));
        Ok((column, left))
    }
}

/// Whether a value of a custom field must be unique and is another record's by now.
async fn is_held(
    tx: &DatabaseTransaction,
    object: ObjectKind,
    id: Uuid,
    key: &str,
    value: Option<&CustomValue>,
) -> Result<bool, StoreError> {
    let Some(value) = value else {
        return Ok(false);
    };
    let values = CustomValues::from([(key.to_owned(), value.clone())]);
    is_any_held(tx, object, id, &values).await
}

async fn is_any_held(
    tx: &DatabaseTransaction,
    object: ObjectKind,
    id: Uuid,
    values: &CustomValues,
) -> Result<bool, StoreError> {
    match custom_fields::check_unique_among(tx, object, &[(id, values)]).await {
        Err(StoreError::Taken { .. }) => Ok(true),
        other => other.map(|()| false),
    }
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
    let (Some(object), CUSTOM, Some(text)) = (object, field, value.as_str()) else {
        return Ok(false);
    };
    let values: CustomValues = codec::from_json("journal.before", text)?;
    is_any_held(tx, object, id, &values).await
}
