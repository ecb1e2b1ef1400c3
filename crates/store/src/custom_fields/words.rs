//! The words of custom texts by which records are found.

use rapport_domain::{CustomField, CustomValue, CustomValues, ObjectKind};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _,
    QueryFilter as _,
};
use uuid::Uuid;

use super::column::{expression, place_of};
use crate::entities::custom_field;
use crate::sql::Sql;
use crate::{StoreError, codec, companies, contacts};

/// The texts by which a record is found, of the fields that are searched. Whatever makes words of a
/// record takes them from here.
pub fn searchable_texts<'v>(
    fields: impl IntoIterator<Item = &'v CustomField>,
    values: &'v CustomValues,
) -> Vec<&'v str> {
    let fields = fields.into_iter();
    let searched = fields.filter(|field| field.is_searchable && field.is_active());
    let texts = searched.filter_map(|field| match values.get(&field.key)? {
        CustomValue::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// The searched fields of an object.
#[derive(Debug)]
pub(crate) struct Searched(Vec<CustomField>);

impl Searched {
    /// The texts by which a record with these values is found.
    pub(crate) fn of<'v>(&'v self, values: &'v CustomValues) -> Vec<&'v str> {
        searchable_texts(&self.0, values)
    }
}

/// The searched fields of an object, as the transaction sees them.
pub(crate) async fn searched(
    tx: &DatabaseTransaction,
    object: ObjectKind,
) -> Result<Searched, StoreError> {
    let rows = custom_field::Entity::find()
        .filter(custom_field::Column::Object.eq(codec::name_of(&object)))
        .filter(custom_field::Column::IsSearchable.eq(true))
        .all(tx)
        .await?;
    let fields: Result<Vec<CustomField>, StoreError> =
        rows.into_iter().map(CustomField::try_from).collect();
    Ok(Searched(fields?))
}

/// Writes the words of records anew.
pub(super) async fn refresh(
    tx: &DatabaseTransaction,
    object: ObjectKind,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    match object {
        ObjectKind::Contact => contacts::refresh_words(tx, ids).await,
        ObjectKind::Company => companies::refresh_words(tx, ids).await,
        _ => Ok(()),
    }
}

/// Takes the values of a field, and the words in them, from all records.
pub(super) async fn forget_values(
    tx: &DatabaseTransaction,
    field: &CustomField,
) -> Result<(), StoreError> {
    let Some(place) = place_of(field.object) else {
        return Ok(());
    };
    let (backend, key) = (tx.get_database_backend(), &field.key);
    let column = expression(backend, None, field);
    let mut found = Vec::new();
    if field.is_searchable {
        let mut sql = Sql::new(backend);
        sql.push(&format!(
            "SELECT id FROM {} WHERE {column} IS NOT NULL",
            place.table
        ));
        for row in sql.all(tx).await? {
            found.push(row.try_get("", "id")?);
        }
    }
    let table = place.table;
    let statement = match backend {
        DbBackend::Postgres => format!(
            "UPDATE {table} SET custom = CAST(CAST(custom AS jsonb) - '{key}' AS text) \
             WHERE jsonb_exists(CAST(custom AS jsonb), '{key}')"
        ),
        _ => format!(
            "UPDATE {table} SET custom = json_remove(custom, '$.{key}') \
             WHERE json_type(custom, '$.{key}') IS NOT NULL"
        ),
    };
    let mut sql = Sql::new(backend);
    sql.push(&statement);
    sql.execute(tx).await?;
    refresh(tx, field.object, &found).await
}
