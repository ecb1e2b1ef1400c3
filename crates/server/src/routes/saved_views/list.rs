//! `GET /saved_views`

use axum::Json;
use rapport_store::saved_views;

use super::saved_view::{SavedView, SavedViewList};
use super::seen::names_no_hidden;
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Lists the caller's own views and those that others share, in the order in which they were made. Views that
/// narrow or sort by a field which the caller's role hides are left out.
#[utoipa::path(
    get, path = "/saved_views", tag = "saved_views",
    responses((status = 200, body = SavedViewList)),
)]
pub(super) async fn list_saved_views(user: Allowed<ReadRecords>) -> ApiResult<Json<SavedViewList>> {
    let app = &user.app;
    let views = saved_views::list(app.store(), user.id).await?;
    let policy = &app.access().policy;
    let views = views.into_iter();
    let saved_views = views
        .filter(|view| names_no_hidden(view, policy))
        .map(|view| SavedView::of(view, &user))
        .collect();
    Ok(Json(SavedViewList { saved_views }))
}
