//! `GET /bulk_edits/{id}/refused_rows`

use rapport_domain::BulkEditId;
use rapport_store::bulk_edits;

use super::left::{RefusedRow, RefusedRowList};
use super::show::find;
use crate::error::ApiResult;
use crate::extract::{Id, List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists the records that a bulk edit left as they are, each with the reason.
#[utoipa::path(
    get, path = "/bulk_edits/{id}/refused_rows", tag = "bulk_edits",
    params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = RefusedRowList)),
)]
pub(super) async fn list_bulk_edit_refused_rows(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<BulkEditId>,
    list: List,
) -> ApiResult<Paged<RefusedRowList>> {
    find(&app, id).await?;
    let page = bulk_edits::list_refused(app.store(), id, &list.query).await?;
    Ok(list.answer(page, |rows, meta| RefusedRowList {
        refused_rows: rows.into_iter().map(RefusedRow::from).collect(),
        meta,
    }))
}
