//! Why a stage was not changed.

use thiserror::Error;

use super::ModelStage;

/// Why a stage was not changed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum StageRefusal {
    /// The rule of stages knows no such step.
    #[error(
        "a {from} cannot become a {to} at once; it may become {}",
        names(.from.next())
    )]
    NoSuchStep {
        /// Where the version stands.
        from: ModelStage,
        /// Where it was to go.
        to: ModelStage,
    },
    /// It has not earned its promotion.
    #[error(transparent)]
    Promotion(#[from] PromotionRefusal),
    /// No champion came before.
    #[error("no champion came before this one; train a model and promote it instead")]
    NothingToRollBack,
}

/// Why a version may not become champion.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum PromotionRefusal {
    /// It is the champion.
    #[error("this version is the champion already")]
    IsChampion,
    /// It served or was dropped.
    #[error("this version is retired; make it a candidate and train the next version")]
    IsRetired,
    /// Its files are gone.
    #[error(
        "this version never served and its files were given up to save space; train the next version"
    )]
    FilesDropped,
    /// Nobody compared it.
    #[error(
        "this version was never compared on held-back rows; train the next version, which is compared with champion and baseline"
    )]
    NoEvidence,
    /// It was compared with a champion that is none any more.
    #[error(
        "the champion is version {version} by now, and this version was not compared with that one; train the next version"
    )]
    StaleEvidence {
        /// The champion's version.
        version: u64,
    },
    /// The champion is as good or better.
    #[error(
        "{metric} {value:.4} is not better than {champion:.4} of the champion (version {version}) on the \
         same {n_rows} rows; keep the champion or train a better model"
    )]
    NotBetterThanChampion {
        /// Which figure.
        metric: String,
        /// The version's.
        value: f64,
        /// The champion's version.
        version: u64,
        /// The champion's figure.
        champion: f64,
        /// Rows that both were measured on.
        n_rows: u64,
    },
    /// The naive method is as good or better.
    #[error(
        "{metric} {value:.4} is not better than {baseline:.4} of the baseline ({name}) on the same \
         {n_rows} rows; serve the baseline or train a better model"
    )]
    NotBetterThanBaseline {
        /// Which figure.
        metric: String,
        /// The version's.
        value: f64,
        /// The naive method.
        name: String,
        /// The naive method's figure.
        baseline: f64,
        /// Rows that both were measured on.
        n_rows: u64,
    },
}

impl PromotionRefusal {
    /// Stable machine-readable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IsChampion => "is_champion",
            Self::IsRetired => "is_retired",
            Self::FilesDropped => "files_dropped",
            Self::NoEvidence => "no_evidence",
            Self::StaleEvidence { .. } => "stale_evidence",
            Self::NotBetterThanChampion { .. } => "not_better_than_champion",
            Self::NotBetterThanBaseline { .. } => "not_better_than_baseline",
        }
    }
}

fn names(stages: &[ModelStage]) -> String {
    let names: Vec<&str> = stages.iter().map(|stage| stage.as_str()).collect();
    names.join(" or ")
}
