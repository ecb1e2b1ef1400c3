//! `POST /webhooks/{id}/replay`

use axum::Json;
use rapport_domain::WebhookId;
use rapport_store::webhooks;

use super::delivery::{WebhookReplay, WebhookReplayInput};
use crate::error::ApiResult;
use crate::extract::{Body, Id};
use crate::permissions::ManageWebhooks;
use crate::session::Allowed;

/// Sends once more what was told to a webhook since an instant: all of it, or what failed. Each event keeps
/// its `webhook-id`, so that a receiver that has it already can tell.
#[utoipa::path(
    post, path = "/webhooks/{id}/replay", tag = "webhooks", request_body = WebhookReplayInput,
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = WebhookReplay)),
)]
pub(super) async fn create_webhook_replay(
    user: Allowed<ManageWebhooks>,
    Id(id): Id<WebhookId>,
    Body(input): Body<WebhookReplayInput>,
) -> ApiResult<Json<WebhookReplay>> {
    let app = &user.app;
    super::find(app, &user, id).await?;
    let (store, now) = (app.store(), app.now());
    let since = input.since.0;
    let n_deliveries = webhooks::replay_since(store, id, since, input.only_failed, now).await?;
    Ok(Json(WebhookReplay { n_deliveries }))
}
