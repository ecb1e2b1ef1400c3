//! The registry of trained models: of each kind one is champion, and those before it are retired.

use std::collections::HashSet;

use rapport_domain::{ModelId, Timestamp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QueryResult,
};
use uuid::Uuid;

use crate::entities::model;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk};

/// A trained model to be registered.
#[derive(Debug, Clone, PartialEq)]
pub struct NewModel {
    /// Identifier.
    pub id: ModelId,
    /// What it does, such as `segment`.
    pub kind: String,
    /// Folder of its files, relative to the data directory.
    pub folder: String,
    /// Measures of it and of its baseline.
    pub metrics: serde_json::Value,
}

/// Registers a model as the champion of its kind, under the kind's next version; the champion
/// before it retires. One that is registered already keeps its version.
pub(crate) async fn crown_in(
    tx: &DatabaseTransaction,
    new: NewModel,
    now: Timestamp,
) -> Result<(), StoreError> {
    const REPLACE: &str = "ON CONFLICT (id) DO UPDATE SET status = excluded.status, \
        folder = excluded.folder, metrics = excluded.metrics, created_at = excluded.created_at";
    let text = "UPDATE models SET status = 'retired' \
                WHERE kind = ? AND status = 'champion' AND id <> ?";
    let values = [sql::text(new.kind.as_str()), sql::id(new.id)];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    let latest = model::Entity::find()
        .filter(model::Column::Kind.eq(new.kind.as_str()))
        .order_by_desc(model::Column::Version)
        .one(tx)
        .await?;
    let row = model::Model {
        id: new.id.into(),
        kind: new.kind,
        version: latest.map_or(1, |latest| latest.version + 1),
        status: "champion".to_owned(),
        folder: new.folder,
        metrics: new.metrics.to_string(),
        created_at: now.as_micros(),
    };
    bulk::insert::<model::Entity>(tx, vec![row], REPLACE).await?;
    Ok(())
}

/// All models that are registered.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_ids(store: &Store) -> Result<HashSet<ModelId>, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push("SELECT id FROM models");
    let rows = sql.all(store.reader()).await?;
    let id = |row: QueryResult| -> Result<ModelId, StoreError> {
        Ok(row.try_get_by_index::<Uuid>(0)?.into())
    };
    rows.into_iter().map(id).collect()
}
