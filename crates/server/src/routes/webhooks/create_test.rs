//! `POST /webhooks/{id}/test`

use axum::Json;
use rapport_domain::WebhookId;
use rapport_store::webhooks::{self, NewDelivery};

use super::delivery::WebhookDeliveryDetail;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ManageWebhooks;
use crate::session::Allowed;
use crate::webhooks::{LEASE, TEST, deliver, test_body};

/// Sends an event of type `webhook.test` at once, whether the webhook is switched on or not, and answers
/// what came of it. It is tried once.
#[utoipa::path(
    post, path = "/webhooks/{id}/test", tag = "webhooks", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = WebhookDeliveryDetail)),
)]
pub(super) async fn create_webhook_test(
    user: Allowed<ManageWebhooks>,
    Id(id): Id<WebhookId>,
) -> ApiResult<Json<WebhookDeliveryDetail>> {
    let app = &user.app;
    super::find(app, &user, id).await?;
    let now = app.now();
    let test = NewDelivery {
        id: app.new_id(),
        webhook_id: id,
        type_name: TEST.to_owned(),
        object: None,
        record_id: None,
        body: test_body(now),
    };
    let claimed = webhooks::queue_test(app.store(), test, now, LEASE).await?;
    deliver(app.app(), &claimed).await?;
    let detail = webhooks::find_delivery(app.store(), id, claimed.id).await?;
    let detail = detail.ok_or_else(|| ApiError::not_found("delivery"))?;
    let body = Some(detail.body.clone());
    Ok(Json(WebhookDeliveryDetail::of(detail, body, true)))
}
