//! `GET /bulk_edits/{id}/conflicts`

use rapport_domain::BulkEditId;
use rapport_store::bulk_edits;

use super::left::{BulkEditConflict, BulkEditConflictList};
use super::show::find;
use crate::error::ApiResult;
use crate::extract::{Id, List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists what the undo of a bulk edit left as it is, because others had changed it since.
#[utoipa::path(
    get, path = "/bulk_edits/{id}/conflicts", tag = "bulk_edits",
    params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = BulkEditConflictList)),
)]
pub(super) async fn list_bulk_edit_conflicts(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<BulkEditId>,
    list: List,
) -> ApiResult<Paged<BulkEditConflictList>> {
    find(&app, id).await?;
    let page = bulk_edits::list_conflicts(app.store(), id, &list.query).await?;
    Ok(list.answer(page, |conflicts, meta| BulkEditConflictList {
        conflicts: conflicts.into_iter().map(BulkEditConflict::from).collect(),
        meta,
    }))
}
