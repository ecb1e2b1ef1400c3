//! From features to a fitted segmentation, and from that to records: the files first, then
//! everything in one transaction.

use rapport_domain::{JobId, ModelId, Money, RunId, SegmentId, SegmentationId, Timestamp};
use rapport_features::FeatureTable;
use rapport_learn::{Persist, Provenance};
use rapport_segment::{Direction, SegmentProfile, SegmentTrait};
use rapport_store::StoreError;
use rapport_store::jobs::LeasedJob;
use rapport_store::models::{Entry, Evidence, NewModel};
use rapport_store::segmentations::{
    self, Baseline, MapAxis, NewMember, NewSegmentation, Origin, Segment, Segmentation,
    SegmentationStatus, Trait, TraitDirection,
};
use serde_json::json;
use uuid::Uuid;

use super::MODEL_KIND;
use super::compare::Kept;
use super::input::Fitted;
use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::features;
use crate::leftovers::{self, Provisional};

/// Traits of a segment that are kept.
const TRAITS_MAX: usize = 12;
/// Colors of segments in their order: told apart in light and dark, and with color blindness
/// (after Paul Tol, "Colour Schemes", 2021, bright and muted).
const COLORS: [&str; 12] = [
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#ee7733", "#009988",
    "#882255", "#999933", "#44aa99", "#bbbbbb",
];

/// The segmentation that a job makes.
pub(super) const fn id_of(job: JobId) -> SegmentationId {
    SegmentationId(job.0)
}

/// What was trained, how it enters the registry, and what is shown.
pub(super) struct Learned {
    pub(super) fitted: Fitted,
    /// How it compares with the champion.
    pub(super) evidence: Option<Evidence>,
    /// How far it goes by itself.
    pub(super) entry: Entry,
    /// The champion's segments, where that one stays.
    pub(super) kept: Option<Kept>,
}

/// Saves features and model beside the records and makes the segments the current ones (those of the
/// champion, where that one stays), all on the records in one transaction. Run again by the same job,
/// it replaces what an earlier attempt left; the caller has just proved that it still has the job.
pub(super) async fn publish(
    workspace: &Workspace,
    leased: &LeasedJob,
    table: &FeatureTable,
    learned: &Learned,
    run_id: Option<RunId>,
) -> Result<Segmentation, PipelineError> {
    let (now, job) = (workspace.clock.now(), leased.job.id);
    let model_id = ModelId(job.0);
    let folder = workspace.model_path(model_id);
    // Of an earlier attempt that was killed before the records took it: no record names it.
    leftovers::remove(&folder).map_err(PipelineError::io("delete", &folder))?;
    let snapshot = features::write_down(workspace, job, table).await?;
    let snapshot_files = features::provisional(workspace, job);
    let provenance = provenance(model_id, table.as_of, now);
    learned.fitted.model.save(&folder, &provenance)?;
    let model_files = Provisional::new(folder.clone());
    let (shown_id, shown) = match &learned.kept {
        Some(kept) => (kept.id, &kept.fitted),
        None => (model_id, &learned.fitted),
    };
    let report = shown.model.report();
    let id = id_of(job);
    let segmentation = Segmentation {
        id,
        method: report.method.name().to_owned(),
        k: report.k as u64,
        as_of: table.as_of,
        created_at: now,
        n_customers: report.n_customers as u64,
        silhouette: report.silhouette,
        stability_ari: Some(report.stability_ari),
        status: SegmentationStatus::Current,
        model_id: Some(shown_id),
        snapshot: Some(snapshot.path.clone()),
        baseline: Some(Baseline {
            method: report.baseline.name.clone(),
            silhouette: report.baseline.silhouette,
            stability_ari: Some(report.baseline.stability_ari),
            k: report.baseline.k as u64,
        }),
        axes: axes(shown),
    };
    let profiles = shown.model.segments().iter();
    let new = NewSegmentation {
        segmentation,
        segments: profiles
            .map(|profile| segment(id, table, profile))
            .collect(),
        members: members(table, shown),
        origin: Some(Origin {
            job: leased.clone(),
            model: new_model(model_id, learned, run_id),
            snapshot,
        }),
    };
    // Whether the records took it is not known where this is dropped while they write.
    model_files.keep();
    snapshot_files.into_iter().for_each(Provisional::keep);
    match segmentations::publish(&workspace.store, new).await {
        Ok(published) => {
            workspace.changes.announce(Change::Segmentation(id));
            workspace.changes.announce(Change::Model(model_id));
            Ok(published)
        }
        // It may be on the records all the same, or the files be those of the worker that has the
        // job now.
        Err(error @ (StoreError::Unreachable { .. } | StoreError::LeaseLost { .. })) => {
            Err(error.into())
        }
        Err(error) => {
            drop(Provisional::new(folder));
            drop(features::provisional(workspace, job));
            Err(error.into())
        }
    }
}

fn provenance(model_id: ModelId, as_of: Timestamp, now: Timestamp) -> Provenance {
    Provenance {
        version: model_id.to_string(),
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: now.to_datetime().unwrap_or_default(),
        as_of: as_of.to_datetime(),
    }
}

fn new_model(id: ModelId, learned: &Learned, run_id: Option<RunId>) -> NewModel {
    let report = learned.fitted.model.report();
    NewModel {
        id,
        kind: MODEL_KIND.to_owned(),
        folder: format!("models/{id}"),
        metrics: json!({
            "silhouette": report.silhouette,
            "stability_ari": report.stability_ari,
            "baseline": report.baseline,
        }),
        run_id,
        evidence: learned.evidence.clone(),
        entry: learned.entry,
    }
}

fn axes(fitted: &Fitted) -> Vec<MapAxis> {
    let axes = fitted.model.axes().iter();
    axes.map(|axis| MapAxis {
        label: axis.label.clone(),
        explained: axis.explained,
    })
    .collect()
}

fn members(table: &FeatureTable, fitted: &Fitted) -> Vec<NewMember> {
    let places = table
        .customer_ids
        .iter()
        .zip(&fitted.labels)
        .zip(&fitted.map);
    places
        .map(|((&contact_id, &label), &[x, y])| NewMember {
            contact_id,
            idx: u64::from(label),
            x: f64::from(x),
            y: f64::from(y),
        })
        .collect()
}

fn segment(
    segmentation_id: SegmentationId,
    table: &FeatureTable,
    profile: &SegmentProfile,
) -> Segment {
    let value = table.currency.map(|currency| {
        let minor = (profile.value * currency.minor_per_major() as f64).round();
        Money::new(minor as i64, currency)
    });
    Segment {
        id: segment_id(segmentation_id, profile.idx),
        segmentation_id,
        idx: u64::from(profile.idx),
        name: profile.name.clone(),
        description: profile.description.clone(),
        color: COLORS[profile.idx as usize % COLORS.len()].to_owned(),
        size: profile.size as u64,
        share: profile.share,
        value,
        value_share: profile.value_share,
        traits: profile
            .traits
            .iter()
            .take(TRAITS_MAX)
            .map(|found| kept(found, table))
            .collect(),
        typical: profile
            .typical_rows
            .iter()
            .map(|&row| table.customer_ids[row])
            .collect(),
        rfm: None,
    }
}

/// The id of a segment, which follows from its segmentation and position (UUID version 5).
fn segment_id(segmentation: SegmentationId, idx: u32) -> SegmentId {
    SegmentId(Uuid::new_v5(&segmentation.0, &idx.to_be_bytes()))
}

/// A trait as the records keep it.
fn kept(found: &SegmentTrait, table: &FeatureTable) -> Trait {
    let unit = table
        .features
        .iter()
        .find(|feature| feature.name == found.feature);
    Trait {
        feature: found.feature.clone(),
        label: found.label.clone(),
        direction: match found.direction {
            Direction::High => TraitDirection::High,
            Direction::Low => TraitDirection::Low,
        },
        z: found.z,
        typical: found.typical,
        overall: found.overall,
        unit: unit
            .map_or("count", |feature| feature.unit.as_str())
            .to_owned(),
    }
}
