//! The registry of trained models: candidate → shadow → champion → retired, one champion a kind.

use futures::FutureExt as _;
use rapport_domain::{ModelId, Timestamp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use serde::{Deserialize, Serialize};

use crate::entities::model;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec, record};

const OBJECT: &str = "model";

/// What a model is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelStatus {
    /// Trained, not used.
    Candidate,
    /// Scores beside the champion, for comparison.
    Shadow,
    /// Its scores count.
    Champion,
    /// Was replaced.
    Retired,
}

/// A trained model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Identifier.
    pub id: ModelId,
    /// What it does, such as `segmentation`.
    pub kind: String,
    /// Number within its kind, from 1.
    pub version: u64,
    /// What it is used for.
    pub status: ModelStatus,
    /// Folder of its files, relative to the data directory.
    pub folder: String,
    /// Measures of it and of its baseline.
    pub metrics: serde_json::Value,
    /// When it was trained.
    pub created_at: Timestamp,
}

impl TryFrom<model::Model> for Model {
    type Error = StoreError;

    fn try_from(row: model::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            kind: row.kind,
            version: codec::unsigned(row.version),
            status: codec::member("models.status", &row.status)?,
            folder: row.folder,
            metrics: codec::from_json("models.metrics", &row.metrics)?,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

/// A trained model to be registered as a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct NewModel {
    /// Identifier.
    pub id: ModelId,
    /// What it does.
    pub kind: String,
    /// Folder of its files, relative to the data directory.
    pub folder: String,
    /// Measures of it and of its baseline.
    pub metrics: serde_json::Value,
}

/// Registers a model as a candidate under the next version of its kind.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn create(store: &Store, new: NewModel, now: Timestamp) -> Result<Model, StoreError> {
    store.write(move |tx| create_in(tx, new, now).boxed()).await
}

async fn create_in(
    tx: &DatabaseTransaction,
    new: NewModel,
    now: Timestamp,
) -> Result<Model, StoreError> {
    let latest = model::Entity::find()
        .filter(model::Column::Kind.eq(new.kind.as_str()))
        .order_by_desc(model::Column::Version)
        .one(tx)
        .await?;
    let row = model::Model {
        id: new.id.into(),
        kind: new.kind,
        version: latest.map_or(1, |latest| latest.version + 1),
        status: codec::name_of(&ModelStatus::Candidate),
        folder: new.folder,
        metrics: new.metrics.to_string(),
        created_at: now.as_micros(),
    };
    record::create::<model::Entity>(tx, OBJECT, row.clone()).await?;
    row.try_into()
}

/// Finds a model.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: ModelId) -> Result<Option<Model>, StoreError> {
    record::find::<model::Entity, _>(store.reader(), id).await
}

/// Finds the model of a kind whose scores count.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_champion(store: &Store, kind: &str) -> Result<Option<Model>, StoreError> {
    let row = model::Entity::find()
        .filter(model::Column::Kind.eq(kind))
        .filter(model::Column::Status.eq(codec::name_of(&ModelStatus::Champion)))
        .one(store.reader())
        .await?;
    row.map(Model::try_from).transpose()
}

/// Lists the models of a kind, or all, the latest version first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store, kind: Option<&str>) -> Result<Vec<Model>, StoreError> {
    let mut select = model::Entity::find()
        .order_by_asc(model::Column::Kind)
        .order_by_desc(model::Column::Version);
    if let Some(kind) = kind {
        select = select.filter(model::Column::Kind.eq(kind));
    }
    let rows = select.all(store.reader()).await?;
    rows.into_iter().map(Model::try_from).collect()
}

/// Changes what a model is used for. A new champion retires the one before it.
///
/// # Errors
/// [`StoreError::NotFound`] where it is gone.
pub async fn set_status(
    store: &Store,
    id: ModelId,
    status: ModelStatus,
) -> Result<Model, StoreError> {
    store
        .write(move |tx| {
            async move {
                let backend = tx.get_database_backend();
                if status == ModelStatus::Champion {
                    let text = "UPDATE models SET status = 'retired' WHERE status = 'champion' \
                                AND id <> ? AND kind = (SELECT kind FROM models WHERE id = ?)";
                    Sql::of(backend, text, [sql::id(id), sql::id(id)])
                        .execute(tx)
                        .await?;
                }
                let text = "UPDATE models SET status = ? WHERE id = ?";
                let values = [sql::text(codec::name_of(&status)), sql::id(id)];
                Sql::of(backend, text, values).execute(tx).await?;
                let model = record::find::<model::Entity, Model>(tx, id).await?;
                model.ok_or_else(|| StoreError::not_found(OBJECT, id))
            }
            .boxed()
        })
        .await
}
