//! Pipelines with their stages.

use std::collections::HashMap;

use futures::FutureExt as _;
use rapport_domain::{Pipeline, PipelineId, Stage, Timestamp};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use uuid::Uuid;

use crate::entities::{pipeline, stage};
use crate::{Store, StoreError, bulk, codec, record};

/// Lists all pipelines with their stages in order, the oldest pipeline first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store) -> Result<Vec<Pipeline>, StoreError> {
    let mut stages: HashMap<Uuid, Vec<Stage>> = HashMap::new();
    let rows = stage::Entity::find()
        .order_by_asc(stage::Column::Position)
        .all(store.reader())
        .await?;
    for row in rows {
        stages
            .entry(row.pipeline_id)
            .or_default()
            .push(row.try_into()?);
    }
    let pipelines = pipeline::Entity::find()
        .order_by_asc(pipeline::Column::CreatedAt)
        .order_by_asc(pipeline::Column::Id)
        .all(store.reader())
        .await?;
    let with_stages = pipelines.into_iter().map(|row| Pipeline {
        stages: stages.remove(&row.id).unwrap_or_default(),
        id: row.id.into(),
        name: row.name,
    });
    Ok(with_stages.collect())
}

/// Finds a pipeline with its stages.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: PipelineId) -> Result<Option<Pipeline>, StoreError> {
    let all = list(store).await?;
    Ok(all.into_iter().find(|pipeline| pipeline.id == id))
}

/// Writes a new pipeline.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules.
pub async fn create(
    store: &Store,
    pipeline: Pipeline,
    now: Timestamp,
) -> Result<Pipeline, StoreError> {
    pipeline.check()?;
    let row = pipeline::Model {
        id: pipeline.id.into(),
        name: pipeline.name.clone(),
        created_at: now.as_micros(),
    };
    let stages = pipeline.stages.iter().zip(0..);
    let stages: Vec<stage::Model> = stages
        .map(|(stage, position)| stage::Model {
            id: stage.id.into(),
            pipeline_id: pipeline.id.into(),
            position,
            name: stage.name.clone(),
            outcome: codec::name_of(&stage.outcome),
            probability: stage.probability,
        })
        .collect();
    store
        .write(move |tx| {
            async move {
                record::create::<pipeline::Entity>(tx, "pipeline", row).await?;
                bulk::insert::<stage::Entity>(tx, stages, "").await
            }
            .boxed()
        })
        .await?;
    Ok(pipeline)
}
