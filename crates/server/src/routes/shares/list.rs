//! `GET /records/{object}/{id}/shares`

use axum::Json;
use rapport_store::shares::{self, OwnedRecord};
use uuid::Uuid;

use super::share::{Share, ShareList};
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::Desk;
use crate::wire::ObjectKind;

/// Lists with whom a record is shared beyond its owner.
#[utoipa::path(
    get, path = "/records/{object}/{id}/shares", tag = "shares",
    params(("object" = ObjectKind, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ShareList)),
)]
pub(super) async fn list_record_shares(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(place): Id<(ObjectKind, Uuid)>,
) -> ApiResult<Json<ShareList>> {
    Ok(Json(list(&app, super::owned(place)?).await?))
}

/// With whom a record is shared now.
pub(super) async fn list(app: &Desk, record: OwnedRecord) -> ApiResult<ShareList> {
    let shares = shares::list(app.store(), record).await?;
    Ok(ShareList {
        shares: shares.into_iter().map(Share::from).collect(),
    })
}
