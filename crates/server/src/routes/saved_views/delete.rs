//! `DELETE /saved_views/{id}`

use axum::http::StatusCode;
use rapport_domain::SavedViewId;
use rapport_store::saved_views;

use crate::error::ApiResult;
use crate::extract::{Id, IfMatch};
use crate::permissions::KeepOwnAccount;
use crate::session::Allowed;

/// Deletes a view: by who made it, even if it names what the role hides by now, a shared one also by
/// administrators; with `If-Match` only if it
/// still has that version.
#[utoipa::path(
    delete, path = "/saved_views/{id}", tag = "saved_views",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204)),
)]
pub(super) async fn delete_saved_view(
    user: Allowed<KeepOwnAccount>,
    Id(id): Id<SavedViewId>,
    version: Option<IfMatch>,
) -> ApiResult<StatusCode> {
    let app = &user.app;
    let view = super::deletable(app, &user, id).await?;
    let version = version.map_or(view.version, |IfMatch(version)| version);
    saved_views::delete(app.store(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
