//! What a run leaves beside its curves, as JSON under a name: a search that can go on, a challenge
//! under way.

use futures::FutureExt as _;
use rapport_domain::{RunId, Timestamp};
use sea_orm::{DatabaseTransaction, EntityTrait as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::write;
use crate::entities::run_artifact;
use crate::{Store, StoreError, bulk, codec};

/// Keeps an artifact of a run; one of the same kind is replaced.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such run.
pub async fn save_artifact<T: Serialize + Sync>(
    store: &Store,
    run: RunId,
    kind: &str,
    artifact: &T,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (kind, body) = (kind.to_owned(), codec::to_json(artifact));
    store
        .write(move |tx| {
            async move {
                write::touch(tx, run, "", now).await?;
                save_in(tx, run, kind, body).await
            }
            .boxed()
        })
        .await
}

/// Finds an artifact of a run.
///
/// # Errors
/// [`StoreError::Decode`] where what is kept is of another type.
pub async fn find_artifact<T: DeserializeOwned>(
    store: &Store,
    run: RunId,
    kind: &str,
) -> Result<Option<T>, StoreError> {
    let key = (Uuid::from(run), kind.to_owned());
    let row = run_artifact::Entity::find_by_id(key)
        .one(store.reader())
        .await?;
    row.map(|row| codec::from_json("run_artifacts.body", &row.body))
        .transpose()
}

pub(super) async fn save_in(
    tx: &DatabaseTransaction,
    run: RunId,
    kind: String,
    body: String,
) -> Result<(), StoreError> {
    let row = run_artifact::Model {
        run_id: run.into(),
        kind,
        body,
    };
    let replace = "ON CONFLICT (run_id, kind) DO UPDATE SET body = excluded.body";
    bulk::insert::<run_artifact::Entity>(tx, vec![row], replace).await?;
    Ok(())
}
