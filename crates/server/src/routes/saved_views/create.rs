//! `POST /saved_views`

use rapport_store::saved_views;

use super::saved_view::{SavedView, SavedViewInput};
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::KeepOwnAccount;
use crate::respond::{Created, Record};
use crate::session::Allowed;

/// Saves a view of a list, for oneself or for everybody.
#[utoipa::path(
    post, path = "/saved_views", tag = "saved_views", request_body = SavedViewInput,
    responses((status = 201, body = SavedView)),
)]
pub(super) async fn create_saved_view(
    user: Allowed<KeepOwnAccount>,
    Body(input): Body<SavedViewInput>,
) -> ApiResult<Created<Record<SavedView>>> {
    let app = &user.app;
    super::check_sharing(&user.app, input.is_shared)?;
    let now = app.now();
    let draft = rapport_domain::SavedView {
        id: app.new_id(),
        list: input.list.into(),
        name: input.name.trim().to_owned(),
        query: input.query,
        owner_id: user.id,
        is_shared: input.is_shared,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let view = saved_views::create(app.store(), draft).await?;
    let id = view.id.0;
    Ok(Created::new(
        "saved_views",
        id,
        SavedView::of(view, &user).into(),
    ))
}
