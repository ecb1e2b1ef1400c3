//! `PATCH /saved_views/{id}`

use rapport_domain::SavedViewId;
use rapport_store::saved_views;

use super::saved_view::{SavedView, SavedViewPatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::KeepOwnAccount;
use crate::respond::Record;
use crate::session::Allowed;

/// Changes a view by a merge patch: by who made it, a shared one also by administrators.
#[utoipa::path(
    patch, path = "/saved_views/{id}", tag = "saved_views", request_body = SavedViewPatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = SavedView)),
)]
pub(super) async fn update_saved_view(
    user: Allowed<KeepOwnAccount>,
    Id(id): Id<SavedViewId>,
    IfMatch(version): IfMatch,
    Body(patch): Body<SavedViewPatch>,
) -> ApiResult<Record<SavedView>> {
    let app = &user.app;
    let mut view = super::changeable(app, &user, id).await?;
    ApiError::check(patch.apply(&mut view))?;
    super::check_sharing(&user.app, view.is_shared)?;
    view.updated_at = app.now();
    saved_views::update(app.store(), view.clone(), version).await?;
    // Not read again: who keeps somebody else's view from everybody no longer sees it.
    view.version = version + 1;
    Ok(SavedView::of(view, &user).into())
}
