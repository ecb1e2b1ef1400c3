//! `POST /deals/bulk`

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;

use super::deal::DealPatch;
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::WriteRecords;
use crate::routes::bulk_edits::{
    BulkEditAccepted, BulkEditInput, BulkEditParams, BulkEditPreview, ask,
};
use crate::session::Allowed;

/// Changes or deletes many deals as a job that can be taken back, or tells what that would do.
#[utoipa::path(
    post, path = "/deals/bulk", tag = "deals", params(BulkEditParams),
    request_body = BulkEditInput,
    responses(
        (status = 200, body = BulkEditPreview),
        (status = 202, body = BulkEditAccepted),
    ),
)]
pub(super) async fn create_deal_bulk_edit(
    allowed: Allowed<WriteRecords>,
    params: Result<Query<BulkEditParams>, QueryRejection>,
    Body(request): Body<BulkEditInput>,
) -> ApiResult<Response> {
    ask::<DealPatch>(&allowed, params, request).await
}
