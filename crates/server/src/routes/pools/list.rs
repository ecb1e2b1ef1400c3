//! `GET /pools`

use axum::Json;
use rapport_domain::RolePolicy;

use super::pool::{Pool, PoolList};
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Lists the pools with their rules. What is in them is listed with the records: `filter=owner_id:is_null`.
#[utoipa::path(
    get, path = "/pools", tag = "pools", responses((status = 200, body = PoolList)),
)]
pub(super) async fn list_pools(user: Allowed<ReadRecords>) -> ApiResult<Json<PoolList>> {
    let mut pools = Vec::with_capacity(RolePolicy::OWNED.len());
    for object in RolePolicy::OWNED {
        pools.push(Pool::of(&user, object).await?);
    }
    Ok(Json(PoolList { pools }))
}
