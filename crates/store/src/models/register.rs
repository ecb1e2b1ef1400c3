//! Registering a model that was just trained.

use futures::FutureExt as _;
use rapport_domain::{ModelId, RunId, Timestamp};
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use super::transitions::{self, Note};
use super::{Evidence, ModelStage};
use crate::entities::model;
use crate::{Store, StoreError, bulk, codec};

/// How far a new version goes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// It waits for somebody to promote it.
    Candidate,
    /// It serves at once where it is the first of its kind, or where its evidence earns that.
    ChampionIfFirstOrBetter,
    /// It serves at once, for a reason in which figures have no say.
    ChampionBecause(&'static str),
    /// It takes the place of this champion, for a reason in which figures have no say; it waits where
    /// another one serves by then.
    ChampionInsteadOf(ModelId, &'static str),
}

/// A trained model to be registered.
#[derive(Debug, Clone, PartialEq)]
pub struct NewModel {
    /// Identifier.
    pub id: ModelId,
    /// What it does, such as `segment`.
    pub kind: String,
    /// Folder of its files, relative to the data directory.
    pub folder: String,
    /// Its figures by name; those of the naive method in an object `baseline` with its `name`.
    pub metrics: serde_json::Value,
    /// The run that made it.
    pub run_id: Option<RunId>,
    /// How it compares on held-back rows.
    pub evidence: Option<Evidence>,
    /// How far it goes by itself.
    pub entry: Entry,
}

/// Registers a model under its kind's next version and answers where it stands. One that is
/// registered already keeps its version and its stage.
///
/// # Errors
/// [`StoreError::BrokenReference`] where its run is not there.
pub async fn register(
    store: &Store,
    new: NewModel,
    now: Timestamp,
) -> Result<ModelStage, StoreError> {
    store
        .write(move |tx| register_in(tx, new, now).boxed())
        .await
}

/// Registers a model inside of a transaction.
pub(crate) async fn register_in(
    tx: &DatabaseTransaction,
    new: NewModel,
    now: Timestamp,
) -> Result<ModelStage, StoreError> {
    const REPLACE: &str = "ON CONFLICT (id) DO UPDATE SET folder = excluded.folder, \
        metrics = excluded.metrics, created_at = excluded.created_at, run_id = excluded.run_id, \
        evidence = excluded.evidence";
    transitions::lock(tx).await?;
    let known = model::Entity::find_by_id(Uuid::from(new.id))
        .one(tx)
        .await?;
    let latest = model::Entity::find()
        .filter(model::Column::Kind.eq(new.kind.as_str()))
        .order_by_desc(model::Column::Version)
        .one(tx)
        .await?;
    let (entry, evidence) = (new.entry, new.evidence.clone());
    let row = model::Model {
        id: new.id.into(),
        version: latest.map_or(1, |latest| latest.version + 1),
        status: ModelStage::Candidate.as_str().to_owned(),
        folder: new.folder,
        metrics: new.metrics.to_string(),
        created_at: now.as_micros(),
        run_id: new.run_id.map(Into::into),
        evidence: new.evidence.as_ref().map(codec::to_json),
        files_dropped_at: None,
        kind: new.kind.clone(),
    };
    let version = row.version;
    let written = bulk::insert::<model::Entity>(tx, vec![row], REPLACE).await;
    written.map_err(|error| error.about(super::OBJECT))?;
    if let Some(known) = known {
        return codec::member("models.status", &known.status);
    }
    let note = Note {
        kind: &new.kind,
        model_id: new.id,
        actor: None,
        at: now,
    };
    note.write(tx, None, ModelStage::Candidate, "trained")
        .await?;
    let champion = transitions::champion_in(tx, &new.kind).await?;
    let Some(reason) = reason_to_serve(entry, version, champion, evidence.as_ref()) else {
        return Ok(ModelStage::Candidate);
    };
    note.move_to(tx, ModelStage::Candidate, ModelStage::Shadow, &reason)
        .await?;
    note.crown(tx, ModelStage::Shadow, &reason).await?;
    Ok(ModelStage::Champion)
}

/// Why a version may serve at once, if it may.
fn reason_to_serve(
    entry: Entry,
    version: i64,
    champion: Option<(ModelId, u64)>,
    evidence: Option<&Evidence>,
) -> Option<String> {
    match entry {
        Entry::Candidate => return None,
        Entry::ChampionBecause(reason) => return Some(reason.to_owned()),
        Entry::ChampionInsteadOf(judged, reason) => {
            let is_another = champion.is_some_and(|(id, _)| id != judged);
            return (!is_another).then(|| reason.to_owned());
        }
        Entry::ChampionIfFirstOrBetter => {}
    }
    if version == 1 {
        return Some("the first of its kind".to_owned());
    }
    // The figures stand in the evidence.
    evidence?.judge(champion).ok()?;
    Some("better on held-back rows".to_owned())
}
