//! `GET /runs/compare`

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::Deserialize;
use utoipa::IntoParams;

use super::run::{RunComparison, RunDetail};
use super::several;
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Which runs to compare.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ComparisonParams {
    /// 1 to 20 ids of runs, with commas between them.
    run: String,
}

/// Shows runs side by side, with their parameters.
#[utoipa::path(
    get, path = "/runs/compare", tag = "runs", params(ComparisonParams),
    responses((status = 200, body = RunComparison)),
)]
pub(super) async fn show_run_comparison(
    Allowed { app, .. }: Allowed<ReadRecords>,
    query: Result<Query<ComparisonParams>, QueryRejection>,
) -> ApiResult<Json<RunComparison>> {
    let ids = several::read(&query.map_or_else(|_| String::new(), |Query(params)| params.run))?;
    let rows = several::find(&app, &ids).await?;
    Ok(Json(RunComparison {
        runs: rows.into_iter().map(RunDetail::from).collect(),
    }))
}
