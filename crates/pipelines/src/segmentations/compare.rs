//! A new segmentation against the champion and against RFM, on customers that the new one and RFM
//! were not made from; the champion may have seen them, which is to its advantage.
//!
//! Segments have no right answer to be compared with, so that what counts is how well customers stand
//! apart: the silhouette. Each model measures distances in its own way, and would flatter itself in
//! it; all labels are therefore measured in the ways of both models, and the mean counts. The new
//! segmentation is made once more from four fifths of the customers, and the last fifth is measured.

use std::io::ErrorKind::NotFound;

use rapport_domain::{ModelId, Timestamp};
use rapport_features::FeatureTable;
use rapport_learn::metrics::silhouette_sampled;
use rapport_learn::split::holdout;
use rapport_learn::{Context, Matrix, ModelFolderError, Persist as _, Predict as _};
use rapport_segment::{FeatureInfo, Method, SegmentInput, SegmentModel, SegmentParams, buyers};
use rapport_store::models::{self, ChampionFigure, Evidence, ModelVersion, NamedFigure};

use super::MODEL_KIND;
use super::input::{Fitted, Input};
use crate::Workspace;
use crate::error::PipelineError;

/// Share of customers that is held back.
const HELD_BACK: f64 = 0.2;
/// Rows that a silhouette is worked out on at most.
const SILHOUETTE_ROWS: usize = 5_000;
/// Resamples of the fits here, whose stability nobody asks for: the fewest there may be.
const N_RESAMPLES: usize = 2;

/// The model in service, where it can still be read.
pub(super) struct Champion {
    version: ModelVersion,
    model: Option<SegmentModel>,
}

/// What becomes of a champion.
pub(super) enum Fate {
    /// It was beaten.
    Beaten,
    /// It cannot tell the segments of the customers of today.
    Outdated(ModelId),
    /// It stays.
    Kept(Box<Kept>),
}

/// A champion that stays, and what it says of the customers of today.
pub(super) struct Kept {
    pub(super) id: ModelId,
    pub(super) fitted: Fitted,
}

/// Finds the model in service.
pub(super) async fn champion(workspace: &Workspace) -> Result<Option<Champion>, PipelineError> {
    let found = models::find_champion(&workspace.store, MODEL_KIND).await?;
    let Some(version) = found else {
        return Ok(None);
    };
    let folder = workspace.model_path(version.id);
    let read = tokio::task::spawn_blocking(move || SegmentModel::load(&folder)).await?;
    if let Err(error) = &read {
        if matches!(error, ModelFolderError::Io { source, .. } if source.kind() != NotFound) {
            // It may well be read the next time, and is not beaten by a disk that stumbles.
            return read.map(|_| None).map_err(PipelineError::from);
        }
        tracing::warn!(%error, version = version.version, "the champion's folder cannot be read");
    }
    Ok(Some(Champion {
        version,
        model: read.ok(),
    }))
}

/// Compares; none where too few customers are left to compare on, which is logged.
///
/// # Errors
/// Cancellation and the deadline.
pub(super) fn compare(
    table: &FeatureTable,
    fitted: &Fitted,
    champion: Option<&Champion>,
    now: Timestamp,
    context: &Context<'_>,
) -> Result<Option<Evidence>, PipelineError> {
    match measure(table, fitted, champion, now, context) {
        Ok(evidence) => Ok(Some(evidence)),
        Err(error) => {
            context.proceed()?;
            tracing::warn!(%error, "segments could not be compared");
            Ok(None)
        }
    }
}

fn measure(
    table: &FeatureTable,
    fitted: &Fitted,
    champion: Option<&Champion>,
    now: Timestamp,
    context: &Context<'_>,
) -> Result<Evidence, PipelineError> {
    let all = Input::of(table)?;
    let held = Held::of(&all, context)?;
    let report = fitted.model.report();
    let again = held.fit(report.method, n_clusters(fitted), context)?;
    let baseline = held.fit(Method::Rfm, None, context)?;
    let rival = champion.and_then(|champion| champion.model.as_ref());
    let rival = rival.filter(|model| model.require_known(&all.input()).is_ok());
    let spaces = held.spaces(&again, rival)?;
    let figure = |model: &SegmentModel| held.silhouette(model, &spaces, context.seed);
    // None where a model puts all of them into one segment.
    let figure_if_any = |model: &SegmentModel| figure(model).ok();
    Ok(Evidence {
        metric: "silhouette".to_owned(),
        is_higher_better: true,
        n_rows: held.records.n_rows() as u64,
        value: figure(&again)?,
        champion: champion.map(|champion| ChampionFigure {
            model_id: champion.version.id,
            version: champion.version.version,
            value: rival.and_then(figure_if_any),
        }),
        baseline: NamedFigure {
            name: "rfm".to_owned(),
            value: figure_if_any(&baseline),
        },
        saved_against_champion: None,
        saved_against_baseline: None,
        measured_at: now,
    })
}

/// What becomes of the champion, by the evidence.
pub(super) fn fate(
    table: &FeatureTable,
    champion: &Champion,
    evidence: Option<&Evidence>,
    context: &Context<'_>,
) -> Result<Fate, PipelineError> {
    let version = &champion.version;
    let judge = |evidence: &Evidence| evidence.judge(Some((version.id, version.version)));
    if evidence.is_some_and(|evidence| judge(evidence).is_ok()) {
        return Ok(Fate::Beaten);
    }
    let Some(model) = champion.model.as_ref() else {
        return Ok(Fate::Outdated(version.id));
    };
    let table = Input::of(table)?;
    if let Err(error) = model.require_known(&table.input()) {
        tracing::warn!(%error, version = version.version, "the champion cannot go on");
        return Ok(Fate::Outdated(version.id));
    }
    Ok(Fate::Kept(Box::new(Kept {
        id: version.id,
        fitted: model.apply(&table.input(), context)?,
    })))
}

/// The number of segments that were looked for; RFM has its own.
fn n_clusters(fitted: &Fitted) -> Option<usize> {
    fitted.model.centers().map(Matrix::n_rows)
}

/// Customers held back who have ordered, and what the others are.
struct Held<'i> {
    features: &'i [FeatureInfo],
    train: Matrix,
    records: Matrix,
}

impl<'i> Held<'i> {
    fn of(all: &'i Input, context: &Context<'_>) -> Result<Self, PipelineError> {
        let parts = holdout(all.records.n_rows(), HELD_BACK, context.seed)?;
        let held = all.records.select_rows(&parts.test);
        Ok(Self {
            train: all.records.select_rows(&parts.train),
            records: held.select_rows(&buyers(&all.features, &held)),
            features: &all.features,
        })
    }

    /// A segmentation of the customers that are not held back.
    fn fit(
        &self,
        method: Method,
        k: Option<usize>,
        context: &Context<'_>,
    ) -> Result<SegmentModel, PipelineError> {
        let input = SegmentInput {
            records: &self.train,
            features: self.features,
            values: None,
        };
        let params = SegmentParams {
            method,
            k,
            n_resamples: N_RESAMPLES,
            ..SegmentParams::default()
        };
        Ok(rapport_segment::fit(&input, &params, context)?.model)
    }

    /// The held-back customers in the ways of both models.
    fn spaces(
        &self,
        model: &SegmentModel,
        rival: Option<&SegmentModel>,
    ) -> Result<Vec<Matrix>, PipelineError> {
        let models = std::iter::once(model).chain(rival);
        models
            .map(|model| Ok(model.prepare(&self.records)?))
            .collect()
    }

    /// How well a model parts the held-back customers, on average over the spaces.
    fn silhouette(
        &self,
        model: &SegmentModel,
        spaces: &[Matrix],
        seed: u64,
    ) -> Result<f64, PipelineError> {
        let labels = model.predict(&self.records)?;
        let figures = spaces
            .iter()
            .map(|places| silhouette_sampled(places, &labels, SILHOUETTE_ROWS, seed));
        let figures: Vec<f64> = figures.collect::<Result<_, _>>()?;
        Ok(figures.iter().sum::<f64>() / figures.len() as f64)
    }
}
