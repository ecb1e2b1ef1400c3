//! A kind of model as the API shows it.

use rapport_store::models::{self, ModelLine};
use serde::Serialize;
use utoipa::ToSchema;

use super::version::ModelVersion;
use crate::respond::Record;
use crate::wire::{ModelStage, Reference, Time};

/// All versions of one kind of model, in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ModelSummary {
    /// What they do, such as `segment`.
    kind: String,
    /// Grows with every registration and change of a stage; a change names it in `If-Match`.
    revision: i64,
    /// Versions in all.
    n_versions: u64,
    /// Versions by stage.
    stages: StageCounts,
    /// The version that serves.
    champion: Option<ModelVersion>,
    /// The newest version.
    latest: ModelVersion,
    /// The version that a roll-back brings back.
    roll_back_to: Option<u64>,
}

/// Versions by stage.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StageCounts {
    /// Trained and registered.
    candidate: u64,
    /// Set aside for promotion.
    shadow: u64,
    /// Serving: one at most.
    champion: u64,
    /// Those that served or were dropped.
    retired: u64,
}

/// The kinds of models there are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelList {
    /// The kinds, by name.
    pub(super) models: Vec<ModelSummary>,
}

/// A kind of model with its versions and the trail of their changes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelDetail {
    #[serde(flatten)]
    model: ModelSummary,
    /// Its versions, the newest first: the latest 200, the champion and the one that a roll-back brings
    /// back.
    versions: Vec<ModelVersion>,
    /// Changes of stages, the latest first, at most 200.
    transitions: Vec<ModelTransition>,
}

/// A change of a stage that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelTransition {
    /// Which version.
    version: u64,
    /// Where it stood; none where it was registered.
    from: Option<ModelStage>,
    /// Where it stands since.
    to: ModelStage,
    /// Why.
    reason: String,
    /// Who did it; none where the program did.
    actor: Option<Reference>,
    /// When.
    at: Time,
}

impl From<ModelLine> for ModelSummary {
    fn from(line: ModelLine) -> Self {
        let n = |stage: models::ModelStage| line.n_by_stage.get(&stage).copied().unwrap_or(0);
        let champion = line.champion.clone();
        Self {
            revision: line.revision,
            n_versions: line.n_versions(),
            stages: StageCounts {
                candidate: n(models::ModelStage::Candidate),
                shadow: n(models::ModelStage::Shadow),
                champion: n(models::ModelStage::Champion),
                retired: n(models::ModelStage::Retired),
            },
            champion: champion.map(|champion| ModelVersion::of(champion, &line)),
            latest: ModelVersion::of(line.latest.clone(), &line),
            roll_back_to: line.roll_back_to,
            kind: line.kind,
        }
    }
}

impl ModelDetail {
    /// A kind with its versions and transitions, and the revision that an edit must name.
    pub(super) fn record(
        line: ModelLine,
        versions: Vec<models::ModelVersion>,
        transitions: Vec<models::Transition>,
    ) -> Record<Self> {
        let revision = line.revision;
        let versions = versions.into_iter();
        let body = Self {
            versions: versions
                .map(|found| ModelVersion::of(found, &line))
                .collect(),
            transitions: transitions.into_iter().map(ModelTransition::from).collect(),
            model: line.into(),
        };
        Record {
            body,
            version: revision,
        }
    }
}

impl From<models::Transition> for ModelTransition {
    fn from(transition: models::Transition) -> Self {
        Self {
            version: transition.version,
            from: transition.from.map(ModelStage::from),
            to: transition.to.into(),
            reason: transition.reason,
            actor: transition.actor.map(Reference::from),
            at: Time(transition.at),
        }
    }
}
