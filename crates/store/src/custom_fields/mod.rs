//! Custom fields: what a company adds to an object. Their values stand in the column `custom` of the
//! object's table as one JSON object, so that a new field needs neither a migration nor a restart.

mod cache;
mod column;
mod index;
mod rules;
mod words;

use futures::FutureExt as _;
use rapport_domain::{CustomField, CustomFieldId, Invalid, ObjectKind};
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};

use crate::entities::custom_field;
use crate::lens::Lens;
use crate::lists::{Field, Listing};
use crate::{ListQuery, Store, StoreError, audit, codec, record, roles};

pub use index::{arrange_index, make_missing, refresh_searched};
pub use rules::{Holder, holders, key_of};
pub use words::searchable_texts;

pub(crate) use cache::FieldCache;
pub(crate) use index::{UNIQUE_PREFIX, make_all};
pub(crate) use rules::{check_unique, check_unique_among, hold_all, titles_of, unique_keys};
pub(crate) use words::{Searched, searched};

const OBJECT: &str = "custom field";

/// The most fields of one object, archived ones included.
pub const FIELDS_MAX: u64 = 200;

/// What names of custom fields begin with, in lists, files and exports.
pub const PREFIX: &str = rapport_domain::CUSTOM_PREFIX;

/// Lists the fields of an object, or of all, in their order; archived ones too.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(
    store: &Store,
    object: Option<ObjectKind>,
) -> Result<Vec<CustomField>, StoreError> {
    let fields = cache::fields(store).await?;
    let is_asked = |field: &&CustomField| object.is_none_or(|object| field.object == object);
    Ok(fields.iter().filter(is_asked).cloned().collect())
}

/// Lists the fields of an object that are in use, in their order.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_active(
    store: &Store,
    object: ObjectKind,
) -> Result<Vec<CustomField>, StoreError> {
    let mut fields = list(store, Some(object)).await?;
    fields.retain(CustomField::is_active);
    Ok(fields)
}

/// The custom fields that a list's query may name; none where it names none.
pub(crate) async fn fields_of_list(
    store: &Store,
    listing: &Listing,
    query: &ListQuery,
) -> Result<Vec<Field>, StoreError> {
    let Some(object) = column::object_of(listing.table) else {
        return Ok(Vec::new());
    };
    if !query.names(PREFIX) {
        return Ok(Vec::new());
    }
    let fields = list_active(store, object).await?;
    let (backend, alias) = (store.backend(), Some(listing.alias));
    let field = |field: &CustomField| {
        let name = format!("{PREFIX}{}", field.key);
        let column = column::expression(backend, alias, field);
        let lead = column::lead(backend, alias, field);
        Field::custom(name, column, column::kind(field), lead)
    };
    Ok(fields.iter().map(field).collect())
}

/// Finds a field.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: CustomFieldId) -> Result<Option<CustomField>, StoreError> {
    record::find::<custom_field::Entity, _>(store.reader(), id).await
}

/// Writes a new field, after the others of its object.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules or its object has [`FIELDS_MAX`] already,
/// [`StoreError::Duplicate`] where the object has a field of this key.
pub async fn create(store: &Store, field: CustomField) -> Result<CustomField, StoreError> {
    field.check()?;
    let lens = store.lens().clone();
    store
        .write(move |tx| async move { write_new(tx, &lens, field).await }.boxed())
        .await
}

async fn write_new(
    tx: &DatabaseTransaction,
    lens: &Lens,
    mut field: CustomField,
) -> Result<CustomField, StoreError> {
    let n_fields = custom_field::Entity::find()
        .filter(custom_field::Column::Object.eq(codec::name_of(&field.object)))
        .count(tx)
        .await?;
    if n_fields >= FIELDS_MAX {
        let message = format!("an object has at most {FIELDS_MAX} fields; delete one first");
        return Err(Invalid::one("/object", "too_many_fields", message).into());
    }
    field.position = i32::try_from(n_fields + 1).unwrap_or(i32::MAX);
    record::create_noted::<custom_field::Entity>(lens, tx, OBJECT, field.clone().into()).await?;
    index::arrange_unique(tx, &field).await?;
    cache::outdate(tx).await?;
    Ok(field)
}

/// Writes a changed field and returns it with its new version. Key, object and type stay.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, or is to be unique, for the first time or again
/// after it was archived, and two records have the same value; [`StoreError::Conflict`] where it no longer has the version `expected`;
/// [`StoreError::NotFound`] where it is gone.
pub async fn update(
    store: &Store,
    field: CustomField,
    expected: i64,
) -> Result<CustomField, StoreError> {
    field.check()?;
    let lens = store.lens().clone();
    store
        .write(move |tx| async move { write_changed(tx, &lens, field, expected).await }.boxed())
        .await
}

async fn write_changed(
    tx: &DatabaseTransaction,
    lens: &Lens,
    mut field: CustomField,
    expected: i64,
) -> Result<CustomField, StoreError> {
    let stored = record::find::<custom_field::Entity, CustomField>(tx, field.id).await?;
    let stored = stored.ok_or_else(|| StoreError::not_found(OBJECT, field.id))?;
    field.check_change(&stored)?;
    let is_kept = index::is_distinct(&stored) && index::is_kept_distinct(tx, &stored).await?;
    if index::is_distinct(&field) && !is_kept {
        rules::check_all_differ(tx, &field, &stored).await?;
    }
    let (id, row) = (field.id, field.clone().into());
    let fixed = &["object", "key"];
    let before = audit::before::<custom_field::Entity>(tx, lens, id).await?;
    record::update_versioned::<custom_field::Entity>(tx, OBJECT, id, expected, row, fixed).await?;
    audit::changed::<custom_field::Entity>(tx, lens, before).await?;
    index::arrange_unique(tx, &field).await?;
    cache::outdate(tx).await?;
    field.version = expected + 1;
    Ok(field)
}

/// Deletes an archived field, and with it the values that records hold, for good.
///
/// # Errors
/// [`StoreError::WrongState`] where it is in use, [`StoreError::Conflict`] where it no longer has
/// the version `expected`, [`StoreError::NotFound`] where it is gone.
pub async fn delete(store: &Store, id: CustomFieldId, expected: i64) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| async move { erase(tx, &lens, id, expected).await }.boxed())
        .await
}

async fn erase(
    tx: &DatabaseTransaction,
    lens: &Lens,
    id: CustomFieldId,
    expected: i64,
) -> Result<(), StoreError> {
    let field = record::find::<custom_field::Entity, CustomField>(tx, id).await?;
    let field = field.ok_or_else(|| StoreError::not_found(OBJECT, id))?;
    if field.is_active() {
        let state = "in use; archive it first".to_owned();
        return Err(StoreError::WrongState {
            object: OBJECT,
            state,
        });
    }
    let before = audit::before::<custom_field::Entity>(tx, lens, id).await?;
    record::delete_versioned::<custom_field::Entity>(tx, OBJECT, id, expected).await?;
    audit::deleted::<custom_field::Entity>(tx, lens, before).await?;
    cache::outdate(tx).await?;
    index::drop_all(tx, id).await?;
    roles::forget_field(tx, field.object, &format!("{PREFIX}{}", field.key)).await?;
    words::forget_values(tx, &field).await
}
