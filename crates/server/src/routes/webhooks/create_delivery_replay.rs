//! `POST /webhooks/{id}/deliveries/{delivery_id}/replay`

use axum::http::StatusCode;
use rapport_domain::{WebhookDeliveryId, WebhookId};
use rapport_store::webhooks;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageWebhooks;
use crate::session::Allowed;

/// Sends an event once more, at once and as often as a new one. It keeps its `webhook-id`.
#[utoipa::path(
    post, path = "/webhooks/{id}/deliveries/{delivery_id}/replay", tag = "webhooks",
    params(("id" = uuid::Uuid, Path), ("delivery_id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub(super) async fn create_webhook_delivery_replay(
    user: Allowed<ManageWebhooks>,
    Id((id, delivery_id)): Id<(WebhookId, WebhookDeliveryId)>,
) -> ApiResult<StatusCode> {
    let app = &user.app;
    super::find(app, &user, id).await?;
    webhooks::replay(app.store(), id, delivery_id, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
