//! `GET /ledger`

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use rapport_domain::{Date, SourceId};
use rapport_store::ledger::{self, LedgerQuery};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::day::{Ledger, LedgerDay};
use crate::error::{ApiError, ApiResult};
use crate::permissions::ReadEverything;
use crate::session::Allowed;
use crate::wire::Day;

/// Days that are shown where no first day is named, and the most that may be asked for.
const DAYS_DEFAULT: i64 = 30;
const DAYS_MAX: i32 = 366;

/// Which days of which source.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LedgerParams {
    /// One source; all of them where absent.
    source_id: Option<Uuid>,
    /// First day; 30 days before the last where absent.
    from: Option<Day>,
    /// Last day; today in UTC where absent.
    until: Option<Day>,
}

/// Lists what each source has sent on each day, and what became of it: at most 366 days.
#[utoipa::path(
    get, path = "/ledger", tag = "ledger", params(LedgerParams),
    responses((status = 200, body = Ledger)),
)]
pub(super) async fn list_ledger(
    Allowed { app, .. }: Allowed<ReadEverything>,
    query: Result<Query<LedgerParams>, QueryRejection>,
) -> ApiResult<Json<Ledger>> {
    let Query(params) = query.map_err(|_| {
        let message = "name a source by its id and days as 2026-11-24";
        ApiError::bad_request("?", "bad_query", message)
    })?;
    let query = asked(
        params,
        app.now().plus_days(-DAYS_DEFAULT).date(),
        app.now().date(),
    )?;
    let days = ledger::list(app.store(), query).await?;
    Ok(Json(Ledger {
        days: days.into_iter().map(LedgerDay::from).collect(),
    }))
}

fn asked(params: LedgerParams, first: Date, today: Date) -> ApiResult<LedgerQuery> {
    let until = params.until.map_or(today, |Day(day)| day);
    let from = params.from.map_or(first.min(until), |Day(day)| day);
    let n_days = until
        .days_since_epoch()
        .saturating_sub(from.days_since_epoch());
    if !(0..DAYS_MAX).contains(&n_days) {
        let message = "ask for 1 to 366 days, the first before the last";
        return Err(ApiError::bad_request("?from", "bad_days", message));
    }
    Ok(LedgerQuery {
        source_id: params.source_id.map(SourceId::from),
        from,
        until,
    })
}
