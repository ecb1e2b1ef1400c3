//! `GET /webhooks/{id}/deliveries/{delivery_id}`

use axum::Json;
use rapport_domain::{WebhookDeliveryId, WebhookId};
use rapport_store::webhooks;

use super::delivery::WebhookDeliveryDetail;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ManageWebhooks;
use crate::session::Allowed;
use crate::webhooks::{is_of_record, shown_body};

/// Shows what was sent and what was answered, try by try.
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries/{delivery_id}", tag = "webhooks",
    params(("id" = uuid::Uuid, Path), ("delivery_id" = uuid::Uuid, Path)),
    responses((status = 200, body = WebhookDeliveryDetail)),
)]
pub(super) async fn show_webhook_delivery(
    user: Allowed<ManageWebhooks>,
    Id((id, delivery_id)): Id<(WebhookId, WebhookDeliveryId)>,
) -> ApiResult<Json<WebhookDeliveryDetail>> {
    let app = &user.app;
    super::find(app, &user, id).await?;
    let detail = webhooks::find_delivery(app.store(), id, delivery_id).await?;
    let detail = detail.ok_or_else(|| ApiError::not_found("delivery"))?;
    let row = &detail.row;
    let record = row.object.zip(row.record_id);
    let body = match shown_body(app, &detail.body, &row.type_name, record).await {
        Err(error) if is_of_record(&error) => None,
        body => body?,
    };
    // Receivers may echo what they were told by the rules of then.
    let is_whole = record.is_none() || !app.access().policy.hides_any();
    let shows_answers = body.is_some() && is_whole;
    Ok(Json(WebhookDeliveryDetail::of(detail, body, shows_answers)))
}
