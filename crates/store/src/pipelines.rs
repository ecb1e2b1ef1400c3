//! Pipelines with their stages.

use std::collections::HashMap;

use futures::FutureExt as _;
use rapport_domain::{
    AuditAction, AuditObject, Invalid, Pipeline, PipelineId, Stage, StageId, Timestamp,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::audit::{Draft, replaced};
use crate::entities::{deal, pipeline, stage};
use crate::imports::ColumnChange;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit, bulk, record};

const OBJECT: &str = "pipeline";

/// Where the deals of a stage that is removed go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The stage that is removed.
    pub from: StageId,
    /// The stage that stays and takes its deals.
    pub to: StageId,
}

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
        version: row.version,
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
        version: pipeline.version,
    };
    let stages = rows_of(&pipeline);
    let lens = store.lens().clone();
    let draft = Draft::of(AuditAction::Created, AuditObject::Pipeline, pipeline.id)
        .with(replaced(None, Some(&told(&pipeline.name, &stages))));
    store
        .write(move |tx| {
            async move {
                record::create::<pipeline::Entity>(tx, OBJECT, row).await?;
                bulk::insert::<stage::Entity>(tx, stages, "").await?;
                audit::write(tx, &lens, vec![draft]).await
            }
            .boxed()
        })
        .await?;
    Ok(pipeline)
}

/// Writes a changed pipeline and returns it with its new version. Stages are told apart by their
/// ids: one that is not there yet is added, one that is missing is removed after its deals went
/// where `moves` says. These deals enter their new stage `now`, each as a change of its own.
///
/// # Errors
/// [`StoreError::Conflict`] where it no longer has the version `expected`,
/// [`StoreError::NotFound`] where it is gone, [`StoreError::Invalid`] where it breaks its rules, a
/// stage that is removed still has deals and no target, or a move names other stages than one that
/// goes and one that stays, [`StoreError::StillInUse`] where somebody put a deal into a removed
/// stage at this very moment.
pub async fn update(
    store: &Store,
    mut pipeline: Pipeline,
    moves: Vec<Move>,
    expected: i64,
    now: Timestamp,
) -> Result<Pipeline, StoreError> {
    pipeline.check()?;
    let row = pipeline::Model {
        id: pipeline.id.into(),
        name: pipeline.name.clone(),
        // Neither is the caller's to change.
        created_at: 0,
        version: expected,
    };
    let (id, stages) = (pipeline.id, rows_of(&pipeline));
    let (lens, after) = (store.lens().clone(), told(&pipeline.name, &stages));
    store
        .write(move |tx| {
            async move {
                let before = stored(tx, id).await?;
                let derived: &[&str] = &[];
                record::update_versioned::<pipeline::Entity>(
                    tx, OBJECT, id, expected, row, derived,
                )
                .await?;
                let mut drafts = replace_stages(tx, id, stages, &moves, now).await?;
                let changes = replaced(before.as_ref(), Some(&after));
                if !changes.is_empty() {
                    let draft = Draft::of(AuditAction::Updated, AuditObject::Pipeline, id);
                    drafts.push(draft.with(changes));
                }
                audit::write(tx, &lens, drafts).await
            }
            .boxed()
        })
        .await?;
    pipeline.version = expected + 1;
    Ok(pipeline)
}

fn rows_of(pipeline: &Pipeline) -> Vec<stage::Model> {
    let stages = pipeline.stages.iter().zip(0..);
    stages
        .map(|(stage, position)| stage::Model::of(stage, pipeline.id, position))
        .collect()
}

/// What the audit tells of a pipeline.
fn told(name: &str, stages: &[stage::Model]) -> Json {
    let stage = |stage: &stage::Model| {
        let percent = (stage.probability * 100.0).round();
        format!("{} ({}, {percent} %)", stage.name, stage.outcome)
    };
    json!({"name": name, "stages": stages.iter().map(stage).collect::<Vec<_>>()})
}

/// What the audit tells of a pipeline as it is stored.
async fn stored(tx: &impl ConnectionTrait, id: PipelineId) -> Result<Option<Json>, StoreError> {
    let id = Uuid::from(id);
    let Some(row) = pipeline::Entity::find_by_id(id).one(tx).await? else {
        return Ok(None);
    };
    let stages = stage::Entity::find()
        .filter(stage::Column::PipelineId.eq(id))
        .order_by_asc(stage::Column::Position)
        .all(tx)
        .await?;
    Ok(Some(told(&row.name, &stages)))
}

/// Returns what the audit is to tell of deals that were moved.
async fn replace_stages(
    tx: &impl ConnectionTrait,
    pipeline: PipelineId,
    stages: Vec<stage::Model>,
    moves: &[Move],
    now: Timestamp,
) -> Result<Vec<Draft>, StoreError> {
    let before = stage::Entity::find()
        .filter(stage::Column::PipelineId.eq(Uuid::from(pipeline)))
        .all(tx)
        .await?;
    let stays = |id: Uuid| stages.iter().any(|stage| stage.id == id);
    let is_there = |id: Uuid| before.iter().any(|stage| stage.id == id);
    let (removed, kept): (Vec<_>, Vec<_>) = before.iter().partition(|stage| !stays(stage.id));
    check_moves(moves, &removed, &kept)?;
    let (changed, added): (Vec<_>, Vec<_>) =
        stages.iter().cloned().partition(|stage| is_there(stage.id));
    for row in changed {
        let id = row.id;
        record::update::<stage::Entity>(tx, "stage", id, row, &["pipeline_id"]).await?;
    }
    bulk::insert::<stage::Entity>(tx, added, "").await?;
    let mut told = Vec::new();
    for stage in removed {
        told.extend(empty_stage(tx, stage, moves, now).await?);
        record::delete::<stage::Entity>(tx, "stage", stage.id).await?;
    }
    Ok(told)
}

fn check_moves(
    moves: &[Move],
    removed: &[&stage::Model],
    kept: &[&stage::Model],
) -> Result<(), Invalid> {
    let names = |stages: &[&stage::Model], id: StageId| {
        let id = Uuid::from(id);
        stages.iter().any(|stage| stage.id == id)
    };
    let is_right = |of: &Move| names(removed, of.from) && names(kept, of.to);
    if moves.iter().all(is_right) {
        return Ok(());
    }
    let message = "deals move from a stage that is removed to one of the pipeline that stays";
    Err(Invalid::one("/moves", "unknown_stage", message))
}

/// Moves the deals of a stage to its target; refuses where there are some and no target.
async fn empty_stage(
    tx: &impl ConnectionTrait,
    stage: &stage::Model,
    moves: &[Move],
    now: Timestamp,
) -> Result<Vec<Draft>, StoreError> {
    let backend = tx.get_database_backend();
    let is_of_stage = |of: &&Move| Uuid::from(of.from) == stage.id;
    if let Some(target) = moves.iter().find(is_of_stage) {
        let deals = deal::Entity::find()
            .filter(deal::Column::StageId.eq(stage.id))
            .all(tx)
            .await?;
        let sql = Sql::of(
            backend,
            "UPDATE deals SET stage_id = ?, stage_entered_at = ?, updated_at = ?, \
             version = version + 1 WHERE stage_id = ?",
            [
                sql::id(target.to),
                sql::at(now),
                sql::at(now),
                sql::id(stage.id),
            ],
        );
        sql.execute(tx).await?;
        let told = deals.iter().map(|deal| moved(deal, target.to, now));
        return Ok(told.collect());
    }
    let text = "SELECT 1 AS one FROM deals WHERE stage_id = ? LIMIT 1";
    let found = Sql::of(backend, text, [sql::id(stage.id)]).one(tx).await?;
    if found.is_some() {
        let message = format!(
            "the stage {} still has deals; say in moves which stage takes them",
            stage.name
        );
        return Err(Invalid::one("/moves", "target_missing", message).into());
    }
    Ok(Vec::new())
}

/// What the audit tells of a deal that was moved to another stage.
fn moved(deal: &deal::Model, to: StageId, now: Timestamp) -> Draft {
    let change = |column: &str, before: Json, after: Json| ColumnChange {
        column: column.to_owned(),
        before,
        after,
    };
    let changes = vec![
        change(
            "stage_id",
            deal.stage_id.to_string().into(),
            to.to_string().into(),
        ),
        change(
            "stage_entered_at",
            deal.stage_entered_at.into(),
            now.as_micros().into(),
        ),
    ];
    Draft {
        about_id: deal.contact_id.or(deal.company_id),
        ..Draft::of(AuditAction::Updated, AuditObject::Deal, deal.id).with(changes)
    }
}
