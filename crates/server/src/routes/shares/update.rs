//! `PUT /records/{object}/{id}/shares`

use axum::Json;
use rapport_store::shares;
use uuid::Uuid;

use super::list;
use super::share::{ShareList, SharesInput};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id};
use crate::permissions::WriteRecords;
use crate::session::Allowed;
use crate::wire::ObjectKind;

/// The most shares of one record.
const N_SHARES_MAX: usize = 100;

/// Says with whom a record is shared, everybody at once. Who may change a record may share it.
#[utoipa::path(
    put, path = "/records/{object}/{id}/shares", tag = "shares", request_body = SharesInput,
    params(("object" = ObjectKind, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ShareList)),
)]
pub(super) async fn update_record_shares(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(place): Id<(ObjectKind, Uuid)>,
    Body(input): Body<SharesInput>,
) -> ApiResult<Json<ShareList>> {
    let record = super::owned(place)?;
    if input.shares.len() > N_SHARES_MAX {
        let message = "a record is shared at most 100 times; share it with a team";
        return Err(ApiError::unprocessable(
            "/shares",
            "too_many_shares",
            message,
        ));
    }
    let shares = input
        .shares
        .into_iter()
        .map(|share| Ok((app.new_id(), share.read()?)));
    let shares = shares.collect::<ApiResult<_>>()?;
    shares::set(app.store(), record, shares).await?;
    Ok(Json(list::list(&app, record).await?))
}
