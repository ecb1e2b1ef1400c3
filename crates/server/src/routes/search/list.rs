//! `GET /search`

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use rapport_store::search;
use serde::Deserialize;
use utoipa::IntoParams;

use super::result::{SearchResult, SearchResults};
use crate::error::{ApiError, ApiResult};
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Results of each kind at most.
const N_PER_KIND: usize = 5;

/// What to search for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchParams {
    /// Text of at most 200 characters.
    #[param(max_length = 200)]
    q: String,
}

/// Finds records of all kinds by words and their beginnings, pinyin, and parts of addresses and numbers.
#[utoipa::path(
    get, path = "/search", operation_id = "list_search_results", tag = "search",
    params(SearchParams), responses((status = 200, body = SearchResults)),
)]
pub(super) async fn search(
    Allowed { app, .. }: Allowed<ReadRecords>,
    query: Result<Query<SearchParams>, QueryRejection>,
) -> ApiResult<Json<SearchResults>> {
    let q = query
        .ok()
        .map(|Query(params)| params.q)
        .filter(|q| q.chars().count() <= 200);
    let q = q.ok_or_else(|| {
        let message = "say in q what to search for, in at most 200 characters";
        ApiError::bad_request("?q", "bad_query", message)
    })?;
    let hits = search::everywhere(app.store(), &q, N_PER_KIND).await?;
    Ok(Json(SearchResults {
        results: hits.into_iter().map(SearchResult::from).collect(),
    }))
}
