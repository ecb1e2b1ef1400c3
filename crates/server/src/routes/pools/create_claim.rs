//! `POST /records/{object}/{id}/claim`

use axum::http::StatusCode;
use rapport_store::pools;
use uuid::Uuid;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::WriteRecords;
use crate::routes::shares::owned;
use crate::session::Allowed;
use crate::wire::ObjectKind;

/// Makes a record of the pool the caller's own. Of several who claim it at once one has it; for the others
/// it is 409, or 404 where it is out of their sight then.
#[utoipa::path(
    post, path = "/records/{object}/{id}/claim", tag = "pools",
    params(("object" = ObjectKind, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub(super) async fn create_record_claim(
    user: Allowed<WriteRecords>,
    Id(place): Id<(ObjectKind, Uuid)>,
) -> ApiResult<StatusCode> {
    let app = &user.app;
    pools::claim(app.store(), owned(place)?, user.id, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
