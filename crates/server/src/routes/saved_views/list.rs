//! `GET /saved_views`

use axum::Json;
use rapport_store::saved_views;

use super::saved_view::{SavedView, SavedViewList};
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Lists the caller's own views and those that others share, in the order in which they were made.
#[utoipa::path(
    get, path = "/saved_views", tag = "saved_views",
    responses((status = 200, body = SavedViewList)),
)]
pub(super) async fn list_saved_views(user: Allowed<ReadRecords>) -> ApiResult<Json<SavedViewList>> {
    let app = &user.app;
    let views = saved_views::list(app.store(), user.id).await?;
    let saved_views = views
        .into_iter()
        .map(|view| SavedView::of(view, &user))
        .collect();
    Ok(Json(SavedViewList { saved_views }))
}
