//! `PUT /pools/{object}`

use axum::Json;
use rapport_domain::RolePolicy;
use rapport_store::pools;

use super::pool::{Pool, PoolInput};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id};
use crate::permissions::ManageSettings;
use crate::session::Allowed;
use crate::wire::ObjectKind;

/// Writes the rule of a pool anew. What is idle returns once a day.
#[utoipa::path(
    put, path = "/pools/{object}", tag = "pools", request_body = PoolInput,
    params(("object" = ObjectKind, Path)),
    responses((status = 200, body = Pool)),
)]
pub(super) async fn update_pool(
    user: Allowed<ManageSettings>,
    Id(object): Id<ObjectKind>,
    Body(input): Body<PoolInput>,
) -> ApiResult<Json<Pool>> {
    let object = object.into();
    if !RolePolicy::OWNED.contains(&object) {
        return Err(ApiError::not_found("pool"));
    }
    pools::save_rule(user.app.store(), object, input.into()).await?;
    Ok(Json(Pool::of(&user, object).await?))
}
