//! Sources: the systems that records come from.

use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject, SourceId, Timestamp};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Draft, replaced};
use crate::entities::source;
use crate::{Named, Store, StoreError, bulk};

/// A system that records come from.
pub type Source = Named<SourceId>;

impl From<source::Model> for Source {
    fn from(row: source::Model) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
        }
    }
}

/// Lists all sources by name.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store) -> Result<Vec<Source>, StoreError> {
    let rows = source::Entity::find()
        .order_by_asc(source::Column::Name)
        .all(store.reader())
        .await?;
    Ok(rows.into_iter().map(Source::from).collect())
}

/// Finds a source.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: SourceId) -> Result<Option<Source>, StoreError> {
    let row = source::Entity::find_by_id(id.as_uuid())
        .one(store.reader())
        .await?;
    Ok(row.map(Source::from))
}

/// The source of a name; it is made with `id` where there is none.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_or_create(
    store: &Store,
    name: &str,
    id: SourceId,
    now: Timestamp,
) -> Result<Source, StoreError> {
    let name = name.trim().to_owned();
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let row = source::Model {
                    id: id.into(),
                    name: name.clone(),
                    created_at: now.as_micros(),
                };
                let conflict = "ON CONFLICT (name) DO NOTHING";
                bulk::insert::<source::Entity>(tx, vec![row], conflict).await?;
                let found = source::Entity::find()
                    .filter(source::Column::Name.eq(name.as_str()))
                    .one(tx)
                    .await?;
                let found = found.ok_or_else(|| StoreError::not_found("source", name))?;
                if found.id == Uuid::from(id) {
                    let changes = replaced(None, Some(&json!({"name": found.name})));
                    let draft = Draft::of(AuditAction::Created, AuditObject::Source, id);
                    audit::write(tx, &lens, vec![draft.with(changes)]).await?;
                }
                Ok(found.into())
            }
            .boxed()
        })
        .await
}
