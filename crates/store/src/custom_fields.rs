//! Custom fields: what a company adds to an object.

use futures::FutureExt as _;
use rapport_domain::{CustomField, CustomFieldId, ObjectKind};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::entities::custom_field;
use crate::{Store, StoreError, codec, record};

const OBJECT: &str = "custom field";

/// Lists the fields of an object, or of all, by key.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(
    store: &Store,
    object: Option<ObjectKind>,
) -> Result<Vec<CustomField>, StoreError> {
    let mut select = custom_field::Entity::find()
        .order_by_asc(custom_field::Column::Object)
        .order_by_asc(custom_field::Column::Key);
    if let Some(object) = object {
        select = select.filter(custom_field::Column::Object.eq(codec::name_of(&object)));
    }
    let rows = select.all(store.reader()).await?;
    rows.into_iter().map(CustomField::try_from).collect()
}

/// Finds a field.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: CustomFieldId) -> Result<Option<CustomField>, StoreError> {
    record::find_seen::<custom_field::Entity, _>(store, id).await
}

/// Writes a new field.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, [`StoreError::Duplicate`] where the object
/// has a field of this key.
pub async fn create(store: &Store, field: CustomField) -> Result<CustomField, StoreError> {
    field.check()?;
    let row = field.clone().into();
    store
        .write(move |tx| record::create::<custom_field::Entity>(tx, OBJECT, row).boxed())
        .await?;
    Ok(field)
}

/// Deletes a field; the values that records hold stay where they are, unseen.
///
/// # Errors
/// [`StoreError::NotFound`] where it is gone.
pub async fn delete(store: &Store, id: CustomFieldId) -> Result<(), StoreError> {
    store
        .write(move |tx| record::delete::<custom_field::Entity>(tx, OBJECT, id).boxed())
        .await
}
