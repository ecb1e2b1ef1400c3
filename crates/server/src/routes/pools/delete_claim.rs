//! `DELETE /records/{object}/{id}/claim`

use axum::http::StatusCode;
use rapport_store::pools;
use uuid::Uuid;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::WriteRecords;
use crate::routes::shares::owned;
use crate::session::Allowed;
use crate::wire::ObjectKind;

/// Gives a record back to the pool; who may change it may.
#[utoipa::path(
    delete, path = "/records/{object}/{id}/claim", tag = "pools",
    params(("object" = ObjectKind, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub(super) async fn delete_record_claim(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(place): Id<(ObjectKind, Uuid)>,
) -> ApiResult<StatusCode> {
    pools::release(app.store(), owned(place)?, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
