//! `GET /imports/{id}/rejected_rows`

use rapport_domain::ImportId;
use rapport_store::imports;

use super::import::{RejectedRow, RejectedRowList};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Id, List, ListParams};
use crate::permissions::ReadEverything;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists the rows of an import that were not taken, by line.
#[utoipa::path(
    get, path = "/imports/{id}/rejected_rows", tag = "imports",
    params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = RejectedRowList)),
)]
pub(super) async fn list_rejected_rows(
    Allowed { app, .. }: Allowed<ReadEverything>,
    Id(id): Id<ImportId>,
    list: List,
) -> ApiResult<Paged<RejectedRowList>> {
    let import = imports::find(app.store(), id).await?;
    import.ok_or_else(|| ApiError::not_found("import"))?;
    let page = imports::list_rejected(app.store(), id, &list.query).await?;
    Ok(list.answer(page, |rows, meta| RejectedRowList {
        rejected_rows: rows.into_iter().map(RejectedRow::from).collect(),
        meta,
    }))
}
