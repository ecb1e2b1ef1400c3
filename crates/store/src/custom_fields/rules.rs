//! What no two records may have alike.

use std::collections::{HashMap, HashSet};

use rapport_domain::{CustomField, CustomValue, CustomValues, Invalid, ObjectKind};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, Value,
};
use uuid::Uuid;

use super::column::{Place, expression, lead, place_of};
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
/// has them where it is seen. The index of the field would refuse them too, but cannot tell whose they are.
pub(crate) async fn check_unique(
    tx: &DatabaseTransaction,
    lens: &Lens,
    object: ObjectKind,
    id: impl Into<Uuid>,
    values: &CustomValues,
) -> Result<(), StoreError> {
    let checked = check_unique_among(tx, object, &[(id.into(), values)]).await;
    let Err(StoreError::Taken {
        object: name,
        key,
        holder,
    }) = checked
    else {
        return checked;
    };
    Err(match title_of(tx, lens, object, holder.id).await? {
        None => StoreError::TakenUnseen { object: name, key },
        Some(title) => StoreError::Taken {
            object: name,
            key,
            holder: Holder {
                name: title,
                ..holder
            },
        },
    })
}

/// What the user knows a record by; none where it is not seen.
async fn title_of(
    tx: &DatabaseTransaction,
    lens: &Lens,
    object: ObjectKind,
    id: Uuid,
) -> Result<Option<String>, StoreError> {
    let titles = titles_of(tx, lens, object, &[id]).await?;
    Ok(titles.into_values().next())
}

/// What the user knows records by; those that are not seen are left out.
pub(crate) async fn titles_of(
    connection: &impl ConnectionTrait,
    lens: &Lens,
    object: ObjectKind,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, String>, StoreError> {
    let mut titles = HashMap::with_capacity(ids.len());
    let Some(Place { table, title }) = place_of(object) else {
        return Ok(titles);
    };
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(connection.get_database_backend());
        let text = format!("SELECT r.id AS id, r.{title} AS title FROM {table} r WHERE ");
        lens.push(&mut sql, &text, []);
        sql.push("r.id IN ").bind_list(sql::ids(chunk));
        for row in sql.all(connection).await? {
            titles.insert(row.try_get("", "id")?, row.try_get("", "title")?);
        }
    }
    Ok(titles)
}

/// As [`check_unique`], of records that are written together, by who sees all.
pub(crate) async fn check_unique_among(
    tx: &DatabaseTransaction,
    object: ObjectKind,
    records: &[(Uuid, &CustomValues)],
) -> Result<(), StoreError> {
    if records.iter().all(|(_, values)| values.is_empty()) {
        return Ok(());
    }
    for field in unique_fields(tx, object).await? {
        let told = records.iter();
        let told = told.filter_map(|(id, values)| Some((*id, values.get(&field.key)?)));
        let told: Vec<(Uuid, &CustomValue)> = told.collect();
        if told.is_empty() {
            continue;
        }
        hold(tx, &field).await?;
        let values: Vec<CustomValue> = told.iter().map(|(_, value)| (*value).clone()).collect();
        let held = find_holders(tx, &field, &values).await?;
        if let Some(holder) = other_holder(held, &told) {
            return Err(StoreError::Taken {
                object: codec::name_of(&object),
                key: field.key,
                holder,
            });
        }
    }
    Ok(())
}

/// Who holds a value that somebody else is to get. Who has it already keeps it: what two records have
/// alike since before the field was kept unique must not stand in the way of their other changes.
fn other_holder(held: Vec<(String, Holder)>, told: &[(Uuid, &CustomValue)]) -> Option<Holder> {
    let told: HashSet<(String, Uuid)> = told
        .iter()
        .map(|(id, value)| (key_of(value), *id))
        .collect();
    let kept: HashSet<(String, Uuid)> = held
        .iter()
        .map(|(value, holder)| (value.clone(), holder.id))
        .collect();
    let new: HashSet<&String> = told.difference(&kept).map(|(value, _)| value).collect();
    let mut held = held.into_iter();
    let other =
        held.find(|(value, it)| new.contains(value) && !told.contains(&(value.clone(), it.id)));
    other.map(|(_, holder)| holder)
}

/// The fields of an object of which no two records may have the same value, in one order, so that two
/// transactions do not wait for each other in a circle.
async fn unique_fields(
    tx: &DatabaseTransaction,
    object: ObjectKind,
) -> Result<Vec<CustomField>, StoreError> {
    let rows = custom_field::Entity::find()
        .filter(custom_field::Column::Object.eq(codec::name_of(&object)))
        .filter(custom_field::Column::IsUnique.eq(true))
        .filter(custom_field::Column::ArchivedAt.is_null())
        .order_by_asc(custom_field::Column::Id)
        .all(tx)
        .await?;
    rows.into_iter().map(CustomField::try_from).collect()
}

/// The keys of the fields of an object of which no two records may have the same value.
pub(crate) async fn unique_keys(
    tx: &DatabaseTransaction,
    object: ObjectKind,
) -> Result<HashSet<String>, StoreError> {
    let fields = unique_fields(tx, object).await?;
    Ok(fields.into_iter().map(|field| field.key).collect())
}

/// Lets nobody else write values of the unique fields of these objects until the transaction is over:
/// for who writes many records and learns only then which of their values are new. Before any of them is
/// locked, as whoever writes one of them does it.
pub(crate) async fn hold_all(
    tx: &DatabaseTransaction,
    objects: &[ObjectKind],
) -> Result<(), StoreError> {
    for object in objects {
        for field in unique_fields(tx, *object).await? {
            hold(tx, &field).await?;
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
) -> Result<Vec<(String, Holder)>, StoreError> {
    find_holders(store.reader(), field, values).await
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
    let lead = lead(backend, None, field);
    let mut found = Vec::new();
    for chunk in values.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(backend);
        sql.push(&format!(
            "SELECT id, {} AS title, custom FROM {} WHERE {column} IN ",
            place.title, place.table
        ));
        sql.bind_list(chunk.iter().map(bound));
        if let Some(lead) = &lead {
            sql.push(" AND ").push(&lead.column).push(" IN ");
            sql.bind_list(chunk.iter().map(|value| lead.of(bound(value))));
        }
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

/// Refuses to make a field unique, or to bring back one that is, of which two records have the same value.
/// Nobody writes records of the object from here to the end of the transaction; who is writing some is
/// waited for.
pub(super) async fn check_all_differ(
    tx: &DatabaseTransaction,
    field: &CustomField,
    stored: &CustomField,
) -> Result<(), StoreError> {
    let Some(place) = place_of(field.object) else {
        return Ok(());
    };
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        let lock = format!("LOCK TABLE {} IN SHARE MODE", place.table);
        tx.execute_unprepared(&lock).await?;
    }
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
    let mut sql = Sql::new(backend);
    let head = format!(
        "SELECT id, {} AS title FROM {} WHERE CAST({column} AS text) = ? ORDER BY id LIMIT {N_NAMED}",
        place.title, place.table
    );
    sql.push_with(&head, [sql::text(&*value)]);
    let mut named = Vec::new();
    for row in sql.all(tx).await? {
        let (id, title): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "title")?);
        named.push(format!("{title:?} ({id})"));
    }
    let object = codec::name_of(&field.object);
    let named = named.join(" and ");
    let message = format!(
        "{n} records of the kind {object} have the value {value:?}, such as {named}; correct them first"
    );
    let pointer = match stored.is_unique && !stored.is_active() {
        true => "/is_archived",
        false => "/is_unique",
    };
    Err(Invalid::one(pointer, "not_unique", message).into())
}

/// Records that are named of those that have one value.
const N_NAMED: usize = 2;

fn bound(value: &CustomValue) -> Value {
    match value {
        CustomValue::Number(number) => Value::from(*number),
        CustomValue::Text(text) => sql::text(text),
        CustomValue::Boolean(value) => sql::text(value.to_string()),
        CustomValue::Choices(chosen) => sql::text(codec::to_json(chosen)),
    }
}
