//! `GET /sources`

use axum::Json;
use rapport_store::sources;

use super::source::{Source, SourceList};
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Lists the systems that records and events come from, by name.
#[utoipa::path(
    get, path = "/sources", tag = "sources", responses((status = 200, body = SourceList)),
)]
pub(super) async fn list_sources(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<SourceList>> {
    let sources = sources::list(app.store()).await?;
    Ok(Json(SourceList {
        sources: sources.into_iter().map(Source::from).collect(),
    }))
}
