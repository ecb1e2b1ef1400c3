//! `GET /runs/curves`

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use rapport_store::runs::{self, CurveQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::several;
use crate::error::{ApiError, ApiResult};
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Points of a curve that are sent at most.
const N_POINTS_MAX: usize = 1_000;

/// Which curves to show.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CurveParams {
    /// 1 to 20 ids of runs, with commas between them.
    run: String,
    /// Names of curves, with commas between them; all where none is named, at most 100 of each run.
    metric: Option<String>,
    /// Points of a curve at most: of longer ones the lowest and the highest of each stretch stay.
    #[param(minimum = 2, maximum = 1000, default = 1000)]
    points: Option<usize>,
}

/// The curves of runs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunCurveList {
    /// The runs, in the order asked for.
    runs: Vec<RunCurves>,
}

/// The curves of a run.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunCurves {
    /// The run.
    id: Uuid,
    /// Its name.
    name: String,
    /// Its curves, by name.
    series: Vec<RunSeries>,
}

/// A curve, column by column.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunSeries {
    /// Its name.
    metric: String,
    /// Points that it has in all.
    n_points: u64,
    /// Steps, ascending.
    steps: Vec<u64>,
    /// Values; none where it was no finite number.
    values: Vec<Option<f64>>,
}

/// Shows curves of several runs at once, thinned for the screen.
#[utoipa::path(
    get, path = "/runs/curves", tag = "runs", params(CurveParams),
    responses((status = 200, body = RunCurveList)),
)]
pub(super) async fn show_run_curves(
    Allowed { app, .. }: Allowed<ReadRecords>,
    query: Result<Query<CurveParams>, QueryRejection>,
) -> ApiResult<Json<RunCurveList>> {
    let Query(params) = query.map_err(|_| bad_query())?;
    let ids = several::read(&params.run)?;
    let n_points_max = params.points.unwrap_or(N_POINTS_MAX);
    if !(2..=N_POINTS_MAX).contains(&n_points_max) {
        let message = format!("points is a whole number from 2 to {N_POINTS_MAX}");
        return Err(ApiError::bad_request("?points", "bad_points", message));
    }
    let rows = several::find(&app, &ids).await?;
    let names = params.metric.iter().flat_map(|names| names.split(','));
    let names = names.map(str::trim).filter(|name| !name.is_empty());
    let query = CurveQuery {
        runs: ids,
        metrics: names.map(str::to_owned).collect(),
        n_points_max,
    };
    let found = runs::curves(app.store(), &query).await?;
    let runs = rows.into_iter().zip(found).map(|(row, found)| RunCurves {
        id: row.run.id.0,
        name: row.run.name,
        series: found.curves.into_iter().map(RunSeries::from).collect(),
    });
    Ok(Json(RunCurveList {
        runs: runs.collect(),
    }))
}

fn bad_query() -> ApiError {
    let message = "say in run which runs, in metric which curves, in points how many points";
    ApiError::bad_request("?run", "bad_query", message)
}

impl From<runs::Curve> for RunSeries {
    fn from(curve: runs::Curve) -> Self {
        let finite = |value: f64| value.is_finite().then_some(value);
        Self {
            metric: curve.metric,
            n_points: curve.n_points,
            steps: curve.points.iter().map(|point| point.step).collect(),
            values: curve.points.iter().map(|p| finite(p.value)).collect(),
        }
    }
}
