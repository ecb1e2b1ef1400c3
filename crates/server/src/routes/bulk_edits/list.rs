//! `GET /bulk_edits`

use rapport_store::bulk_edits;

use super::bulk_edit::{BulkEdit, BulkEditList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists bulk edits: who sees all records with all their fields those of all, others their own.
#[utoipa::path(
    get, path = "/bulk_edits", tag = "bulk_edits", params(ListParams),
    responses((status = 200, body = BulkEditList)),
)]
pub(super) async fn list_bulk_edits(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<BulkEditList>> {
    let page = bulk_edits::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |edits, meta| BulkEditList {
        bulk_edits: edits.into_iter().map(BulkEdit::from).collect(),
        meta,
    }))
}
