//! `GET /saved_views/{id}`

use rapport_domain::SavedViewId;

use super::saved_view::SavedView;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;

/// Shows a view of one's own, or one that is shared.
#[utoipa::path(
    get, path = "/saved_views/{id}", tag = "saved_views", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = SavedView)),
)]
pub(super) async fn show_saved_view(
    user: Allowed<ReadRecords>,
    Id(id): Id<SavedViewId>,
) -> ApiResult<Record<SavedView>> {
    let app = &user.app;
    let view = super::find(app, &user, id).await?;
    Ok(SavedView::of(view, &user).into())
}
