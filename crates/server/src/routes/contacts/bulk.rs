//! `POST /contacts/bulk`

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;

use super::patch::ContactPatch;
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::WriteRecords;
use crate::routes::bulk_edits::{
    BulkEditAccepted, BulkEditInput, BulkEditParams, BulkEditPreview, ask,
};
use crate::session::Allowed;

/// Changes or deletes many contacts as a job that can be taken back, or tells what that would do.
#[utoipa::path(
    post, path = "/contacts/bulk", tag = "contacts", params(BulkEditParams),
    request_body = BulkEditInput,
    responses(
        (status = 200, body = BulkEditPreview),
        (status = 202, body = BulkEditAccepted),
    ),
)]
pub(super) async fn create_contact_bulk_edit(
    allowed: Allowed<WriteRecords>,
    params: Result<Query<BulkEditParams>, QueryRejection>,
    Body(request): Body<BulkEditInput>,
) -> ApiResult<Response> {
    ask::<ContactPatch>(&allowed, params, request).await
}
