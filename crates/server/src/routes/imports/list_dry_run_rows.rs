//! `GET /imports/{id}/dry_run/rows`

use axum::extract::State;
use rapport_domain::ImportId;
use rapport_store::imports;

use super::dry_run::{DryRunRow, DryRunRowList};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Id, List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;
use crate::state::AppState;

/// Lists what the rows of an import would do, by line.
#[utoipa::path(
    get, path = "/imports/{id}/dry_run/rows", tag = "imports",
    params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = DryRunRowList)),
)]
pub(super) async fn list_import_dry_run_rows(
    State(app): State<AppState>,
    _: Allowed<ReadRecords>,
    Id(id): Id<ImportId>,
    list: List,
) -> ApiResult<Paged<DryRunRowList>> {
    let import = imports::find(app.store(), id).await?;
    import.ok_or_else(|| ApiError::not_found("import"))?;
    let page = imports::list_dry_run_rows(app.store(), id, &list.query).await?;
    Ok(list.answer(page, |rows, meta| DryRunRowList {
        dry_run_rows: rows.into_iter().map(DryRunRow::from).collect(),
        meta,
    }))
}
