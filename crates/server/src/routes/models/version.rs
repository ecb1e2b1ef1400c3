//! A version of a model as the API shows it.

use std::collections::BTreeMap;

use rapport_store::models::{self, ModelLine, PromotionRefusal};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::routes::runs::NamedFigures;
use crate::wire::{ModelStage, Time};

/// One version of a kind of model.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ModelVersion {
    /// Identifier.
    id: Uuid,
    /// What it does, such as `segment`.
    kind: String,
    /// Its number among those of its kind, from 1.
    version: u64,
    /// Where it stands.
    stage: ModelStage,
    /// The run that made it.
    run_id: Option<Uuid>,
    /// When it was registered.
    created_at: Time,
    /// Its figures by name.
    metrics: BTreeMap<String, f64>,
    /// The naive method's figures.
    baseline: Option<NamedFigures>,
    /// The comparison on held-back data that its promotion rests on.
    evidence: Option<Evidence>,
    /// Whether it could become champion now, apart from its way through the shadow.
    promotion: Promotion,
    /// When its files were given up to save space, because it never served; it cannot serve since.
    files_dropped_at: Option<Time>,
    /// Stages that a transition may name now.
    next_stages: Vec<ModelStage>,
}

/// A comparison of a version with the champion of its time and with the naive method. A copy of the
/// version and the naive method learned from other rows than those they are measured on; the champion
/// may have seen them, which is to its advantage.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Evidence {
    /// Which figure.
    metric: String,
    /// Whether more is better.
    higher_is_better: bool,
    /// Rows that all were measured on.
    n_rows: u64,
    /// The version's figure.
    value: f64,
    /// The champion's; none where there was none.
    champion: Option<ChampionFigure>,
    /// The naive method's.
    baseline: BaselineFigure,
    /// What is saved in each row against the champion, where a challenge over time told it.
    saved_against_champion: Option<SavedRange>,
    /// What is saved in each row against the baseline, where a challenge over time told it.
    saved_against_baseline: Option<SavedRange>,
    /// When it was measured.
    measured_at: Time,
}

/// The figure of the champion that a version was compared with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ChampionFigure {
    /// Its version.
    version: u64,
    /// Its figure; none where it cannot answer for these rows.
    value: Option<f64>,
}

/// The figure of the naive method.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BaselineFigure {
    /// Its name.
    name: String,
    /// Its figure; none where it has none.
    value: Option<f64>,
}

/// A range that holds what is saved in each row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SavedRange {
    /// Lower end.
    lower: f64,
    /// Upper end.
    upper: f64,
}

/// Whether a version could become champion.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Promotion {
    /// Whether it could.
    is_ready: bool,
    /// Why it could not, as a stable code.
    code: Option<String>,
    /// Why it could not, in words, with both figures.
    message: Option<String>,
}

/// A version with its card.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelVersionDetail {
    #[serde(flatten)]
    pub(super) version: ModelVersion,
    /// What people should know of it, as Markdown.
    pub(super) card: Option<String>,
    /// Folder of its files, relative to the data directory.
    pub(super) folder: String,
}

impl ModelVersion {
    /// A version among those of its kind.
    pub(super) fn of(found: models::ModelVersion, line: &ModelLine) -> Self {
        let promotion = line.judge(&found).into();
        let next = found.stage.next().iter();
        let next = next
            .filter(|&&to| found.files_dropped_at.is_none() || to == models::ModelStage::Retired);
        Self {
            id: found.id.0,
            kind: found.kind,
            version: found.version,
            stage: found.stage.into(),
            run_id: found.run_id.map(|id| id.0),
            created_at: Time(found.created_at),
            metrics: found.metrics,
            baseline: found.baseline.map(NamedFigures::from),
            evidence: found.evidence.map(Evidence::from),
            promotion,
            files_dropped_at: found.files_dropped_at.map(Time),
            next_stages: next.map(|&stage| stage.into()).collect(),
        }
    }
}

impl From<models::Evidence> for Evidence {
    fn from(evidence: models::Evidence) -> Self {
        let range = |saved: models::Saved| SavedRange {
            lower: saved.lower,
            upper: saved.upper,
        };
        Self {
            metric: evidence.metric,
            higher_is_better: evidence.is_higher_better,
            n_rows: evidence.n_rows,
            value: evidence.value,
            champion: evidence.champion.map(|champion| ChampionFigure {
                version: champion.version,
                value: champion.value,
            }),
            baseline: BaselineFigure {
                name: evidence.baseline.name,
                value: evidence.baseline.value,
            },
            saved_against_champion: evidence.saved_against_champion.map(range),
            saved_against_baseline: evidence.saved_against_baseline.map(range),
            measured_at: Time(evidence.measured_at),
        }
    }
}

impl From<Result<(), PromotionRefusal>> for Promotion {
    fn from(judged: Result<(), PromotionRefusal>) -> Self {
        let refusal = judged.err();
        Self {
            is_ready: refusal.is_none(),
            code: refusal.as_ref().map(|refusal| refusal.code().to_owned()),
            message: refusal.map(|refusal| refusal.to_string()),
        }
    }
}
