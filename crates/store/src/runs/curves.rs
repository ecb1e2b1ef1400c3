//! Curves of several runs at once, thinned for screens.

use rapport_domain::RunId;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::{Point, chunk, downsample};
use crate::entities::run_chunk;
use crate::{Store, StoreError};

/// Which curves are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveQuery {
    /// Of which runs.
    pub runs: Vec<RunId>,
    /// Of which names; all where none is named.
    pub metrics: Vec<String>,
    /// Points of a curve at most, at least 2.
    pub n_points_max: usize,
}

impl CurveQuery {
    /// Curves of one run that are read at most, the first by name.
    pub const CURVES_MAX: usize = 100;
}

/// A curve, thinned.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Its name.
    pub metric: String,
    /// Points that it has in all.
    pub n_points: u64,
    /// Points that are shown, steps ascending.
    pub points: Vec<Point>,
}

/// The curves of a run, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct RunCurves {
    /// The run.
    pub run: RunId,
    /// Its curves.
    pub curves: Vec<Curve>,
}

/// Reads curves: of each run asked for, in that order, those that it has. Of the points one curve at
/// a time is held.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn curves(store: &Store, query: &CurveQuery) -> Result<Vec<RunCurves>, StoreError> {
    let mut found: Vec<RunCurves> = Vec::with_capacity(query.runs.len());
    for &run in &query.runs {
        let again = found.iter().find(|read| read.run == run).cloned();
        let curves = match again {
            Some(read) => read.curves,
            None => curves_of(store, run, query).await?,
        };
        found.push(RunCurves { run, curves });
    }
    Ok(found)
}

async fn curves_of(
    store: &Store,
    run: RunId,
    query: &CurveQuery,
) -> Result<Vec<Curve>, StoreError> {
    let mut curves = Vec::new();
    for metric in names_of(store, run, query).await? {
        let rows = run_chunk::Entity::find()
            .filter(run_chunk::Column::RunId.eq(Uuid::from(run)))
            .filter(run_chunk::Column::Name.eq(metric.as_str()))
            .order_by_asc(run_chunk::Column::ChunkNo)
            .all(store.reader())
            .await?;
        let mut points: Vec<Point> = Vec::new();
        for row in rows {
            points.extend(chunk::decode(&row.points)?);
        }
        curves.push(Curve {
            metric,
            n_points: points.len() as u64,
            points: downsample::thinned(&points, query.n_points_max.max(2)),
        });
    }
    Ok(curves)
}

/// The first names of a run's curves, of those that are asked for.
async fn names_of(
    store: &Store,
    run: RunId,
    query: &CurveQuery,
) -> Result<Vec<String>, StoreError> {
    let mut select = run_chunk::Entity::find()
        .select_only()
        .column(run_chunk::Column::Name)
        .distinct()
        .filter(run_chunk::Column::RunId.eq(Uuid::from(run)))
        .order_by_asc(run_chunk::Column::Name)
        .limit(CurveQuery::CURVES_MAX as u64);
    if !query.metrics.is_empty() {
        select = select.filter(run_chunk::Column::Name.is_in(query.metrics.iter().cloned()));
    }
    Ok(select.into_tuple().all(store.reader()).await?)
}
