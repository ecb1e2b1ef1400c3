//! Saved views: lists as people want to see them again, for themselves or for everybody.

mod create;
mod delete;
mod list;
mod saved_view;
mod seen;
mod show;
mod update;

use axum::http::StatusCode;
use rapport_domain::{SavedViewId, User};
use rapport_store::saved_views;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{ApiError, ApiResult};
use crate::permissions::{may_change_view, may_see_view, may_share_views};
use crate::state::{AppState, Desk};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_saved_views, create::create_saved_view))
        .routes(routes!(
            show::show_saved_view,
            update::update_saved_view,
            delete::delete_saved_view
        ))
}

/// A view that the user sees; others' own, and those that name what the user's role hides, are as if they
/// were not there.
async fn find(app: &Desk, user: &User, id: SavedViewId) -> ApiResult<rapport_domain::SavedView> {
    let view = saved_views::find(app.store(), id).await?;
    let is_seen = |view: &rapport_domain::SavedView| {
        may_see_view(user, view) && seen::names_no_hidden(view, &app.access().policy)
    };
    view.filter(is_seen)
        .ok_or_else(|| ApiError::not_found("view"))
}

/// A view that the user may change.
async fn changeable(
    app: &Desk,
    user: &User,
    id: SavedViewId,
) -> ApiResult<rapport_domain::SavedView> {
    let view = find(app, user, id).await?;
    if may_change_view(user, &view) {
        return Ok(view);
    }
    let detail = "a view is changed by who made it; save one of your own";
    Err(ApiError::new(StatusCode::FORBIDDEN, "not_allowed", detail))
}

/// A view that the user may delete: one that the user may change, and each of the user's own, also where it names
/// what the role hides by now.
async fn deletable(
    app: &Desk,
    user: &User,
    id: SavedViewId,
) -> ApiResult<rapport_domain::SavedView> {
    let view = saved_views::find(app.store(), id).await?;
    match view.filter(|view| view.owner_id == user.id) {
        Some(own) => Ok(own),
        None => changeable(app, user, id).await,
    }
}

/// Refuses to show a view to everybody where the user may not.
fn check_sharing(app: &Desk, is_shared: bool) -> ApiResult<()> {
    if !is_shared || may_share_views(&app.access().policy) {
        return Ok(());
    }
    let detail = "who only reads keeps views to themselves; ask a member to share it";
    Err(ApiError::new(StatusCode::FORBIDDEN, "not_allowed", detail))
}
