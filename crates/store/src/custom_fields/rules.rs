//! What no two records may have alike.

use std::collections::HashMap;

use rapport_domain::{CustomField, CustomValue, CustomValues, Invalid, ObjectKind};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _,
    QueryFilter as _, Value,
};
use uuid::Uuid;

use super::column::{expression, place_of};
use crate::entities::custom_field;
use crate::lens::Lens;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec};

/// A record that has a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The record.
    pub id: Uuid,
    /// What people know it by.
    pub name: String,
}

/// Refuses values that another record has already and that are to be unique, named by the record that
/// has them where it is seen.
pub(crate) async fn check_unique(
    tx: &DatabaseTransaction,
    lens: &Lens,
    object: ObjectKind,
    id: impl Into<Uuid>,
    values: &CustomValues,
) -> Result<(), StoreError> {
    if values.is_empty() {
        return Ok(());
    }
    let id = id.into();
    let rows = custom_field::Entity::find()
        .filter(custom_field::Column::Object.eq(codec::name_of(&object)))
        .filter(custom_field::Column::IsUnique.eq(true))
        .filter(custom_field::Column::ArchivedAt.is_null())
        .all(tx)
        .await?;
    for row in rows {
        let field = CustomField::try_from(row)?;
        let Some(value) = values.get(&field.key) else {
            continue;
        };
        hold(tx, &field).await?;
        let held = find_holders(tx, &field, std::slice::from_ref(value)).await?;
        if let Some((_, holder)) = held.into_iter().find(|(_, holder)| holder.id != id) {
            let table = place_of(object).map_or("", |place| place.table);
            let is_seen = !lens
                .seen_among(tx, table, vec![holder.id])
                .await?
                .is_empty();
            return Err(StoreError::Taken {
                object: codec::name_of(&object),
                key: field.key,
                holder: is_seen.then_some(holder),
            });
        }
    }
    Ok(())
}

/// Lets nobody else write values of a unique field until the transaction is over. SQLite has one
/// writer at a time and needs no lock.
async fn hold(tx: &DatabaseTransaction, field: &CustomField) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let (_, low) = Uuid::from(field.id).as_u64_pair();
        let lock = [Value::from(low.cast_signed())];
        let statement = "SELECT pg_advisory_xact_lock(?)";
        Sql::of(DbBackend::Postgres, statement, lock)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// The records that have values of a field, by the value as [`key_of`] writes it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn holders(
    store: &Store,
    field: &CustomField,
    values: &[CustomValue],
) -> Result<HashMap<String, Holder>, StoreError> {
    Ok(find_holders(store.reader(), field, values)
        .await?
        .into_iter()
        .collect())
}

async fn find_holders(
    connection: &impl ConnectionTrait,
    field: &CustomField,
    values: &[CustomValue],
) -> Result<Vec<(String, Holder)>, StoreError> {
    let Some(place) = place_of(field.object) else {
        return Ok(Vec::new());
    };
    let backend = connection.get_database_backend();
    let column = expression(backend, None, field);
    let mut found = Vec::new();
    for chunk in values.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(backend);
        sql.push(&format!(
            "SELECT id, {} AS title, custom FROM {} WHERE {column} IN ",
            place.title, place.table
        ));
        sql.bind_list(chunk.iter().map(bound));
        for row in sql.all(connection).await? {
            let custom: String = row.try_get("", "custom")?;
            let mut custom: CustomValues = codec::from_json("custom", &custom)?;
            let holder = Holder {
                id: row.try_get("", "id")?,
                name: row.try_get("", "title")?,
            };
            let value = custom.remove(&field.key);
            found.extend(value.map(|value| (key_of(&value), holder)));
        }
    }
    Ok(found)
}

/// A value as a text by which equal values are found.
pub fn key_of(value: &CustomValue) -> String {
    codec::to_json(value)
}

/// Refuses to call a field unique of which two records have the same value.
pub(super) async fn check_all_differ(
    tx: &DatabaseTransaction,
    field: &CustomField,
) -> Result<(), StoreError> {
    let Some(place) = place_of(field.object) else {
        return Ok(());
    };
    hold(tx, field).await?;
    let backend = tx.get_database_backend();
    let column = expression(backend, None, field);
    let mut sql = Sql::new(backend);
    sql.push(&format!(
        "SELECT max(CAST({column} AS text)) AS value, count(*) AS n FROM {} \
         WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1 LIMIT 1",
        place.table
    ));
    let Some(row) = sql.one(tx).await? else {
        return Ok(());
    };
    let (value, n): (String, i64) = (row.try_get("", "value")?, row.try_get("", "n")?);
    let message = format!("{n} records have the value {value:?}; mend them first");
    Err(Invalid::one("/is_unique", "not_unique", message).into())
}

fn bound(value: &CustomValue) -> Value {
    match value {
        CustomValue::Number(number) => Value::from(*number),
        CustomValue::Text(text) => sql::text(text),
        CustomValue::Boolean(value) => sql::text(value.to_string()),
        CustomValue::Choices(chosen) => sql::text(codec::to_json(chosen)),
    }
}
