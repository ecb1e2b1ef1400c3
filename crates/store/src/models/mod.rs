//! The registry of trained models: versions of each kind, where each stands, and why.
//!
//! Stages change in one place, [`change_stage`] with its relatives, which keeps the rule of stages and
//! the rule of promotion and notes each change with its reason, its actor and its instant.

mod evidence;
mod read;
mod refusal;
mod register;
mod retention;
mod stage;
mod transitions;

use std::collections::BTreeMap;

use rapport_domain::{ModelId, RunId, Timestamp, UserId};

use crate::StoreError;
use crate::codec;
use crate::entities::model;
use crate::record::Named;
use crate::runs::NamedFigures;

pub use evidence::{ChampionFigure, Evidence, NamedFigure, Saved};
pub use read::{
    ModelLine, find_champion, find_line, find_line_of, find_lines, find_refusal, find_version,
    list_ids, list_transitions, list_versions, promoted_at,
};
pub use refusal::{PromotionRefusal, StageRefusal};
pub use register::{Entry, NewModel, register};
pub use stage::ModelStage;
pub use transitions::{RollBack, StageChange, change_stage, roll_back};

pub(crate) use register::register_in;
pub(crate) use retention::drop_files_in;
pub(crate) use transitions::champion_in;

const OBJECT: &str = "model";

/// One version of a kind of model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelVersion {
    /// Identifier.
    pub id: ModelId,
    /// What it does, such as `segment`.
    pub kind: String,
    /// Its number among those of its kind, from 1.
    pub version: u64,
    /// Where it stands.
    pub stage: ModelStage,
    /// Folder of its files, relative to the data directory.
    pub folder: String,
    /// The run that made it.
    pub run_id: Option<RunId>,
    /// Its figures.
    pub metrics: BTreeMap<String, f64>,
    /// The naive method's figures.
    pub baseline: Option<NamedFigures>,
    /// What its promotion rests on.
    pub evidence: Option<Evidence>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When its files were given up; it cannot serve since.
    pub files_dropped_at: Option<Timestamp>,
}

/// A change of a stage that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// Which version.
    pub version: u64,
    /// Where it stood; none where it was registered.
    pub from: Option<ModelStage>,
    /// Where it stands since.
    pub to: ModelStage,
    /// Why.
    pub reason: String,
    /// Who did it; none where the program did.
    pub actor: Option<Named<UserId>>,
    /// When.
    pub at: Timestamp,
}

impl TryFrom<model::Model> for ModelVersion {
    type Error = StoreError;

    fn try_from(row: model::Model) -> Result<Self, StoreError> {
        let figures: serde_json::Value = codec::from_json("models.metrics", &row.metrics)?;
        Ok(Self {
            id: row.id.into(),
            kind: row.kind,
            version: codec::unsigned(row.version),
            stage: codec::member("models.status", &row.status)?,
            folder: row.folder,
            run_id: row.run_id.map(Into::into),
            metrics: numbers(&figures),
            baseline: figures.get("baseline").and_then(|baseline| {
                Some(NamedFigures {
                    name: baseline.get("name")?.as_str()?.to_owned(),
                    metrics: numbers(baseline),
                })
            }),
            evidence: codec::from_json_option("models.evidence", row.evidence.as_deref())?,
            created_at: Timestamp::from_micros(row.created_at),
            files_dropped_at: row.files_dropped_at.map(Timestamp::from_micros),
        })
    }
}

/// The numbers among the entries of an object, by name.
fn numbers(object: &serde_json::Value) -> BTreeMap<String, f64> {
    let entries = object.as_object().into_iter().flatten();
    entries
        .filter_map(|(name, value)| Some((name.clone(), value.as_f64()?)))
        .collect()
}
