//! The audit: who changed and saw what, whether that is as it was written, and changes set back.

mod entry;
mod erase;
mod list;
mod restore;
mod verify;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_audit))
        .routes(routes!(verify::show_audit_verification))
        .routes(routes!(restore::create_audit_restore))
        .routes(routes!(erase::create_audit_erasure))
}
