//! Sharing: who sees a record beyond its owner.

mod list;
mod share;
mod update;

use rapport_store::shares::OwnedRecord;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::state::AppState;
use crate::wire::ObjectKind;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(
        list::list_record_shares,
        update::update_record_shares
    ))
}

/// The record of a path, if one of its kind has an owner.
pub(crate) fn owned((object, id): (ObjectKind, Uuid)) -> ApiResult<OwnedRecord> {
    OwnedRecord::of(object.into(), id).ok_or_else(|| ApiError::not_found("record"))
}
