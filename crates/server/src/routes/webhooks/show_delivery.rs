//! `GET /webhooks/{id}/deliveries/{delivery_id}`

use axum::Json;
use rapport_domain::{WebhookDeliveryId, WebhookId};
use rapport_store::webhooks;

use super::delivery::WebhookDeliveryDetail;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ManageWebhooks;
use crate::session::Allowed;
use crate::webhooks::{is_of_record, may_show_body};

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
    let shows_body = match may_show_body(app, &row.type_name, record).await {
        Err(error) if is_of_record(&error) => false,
        shows_body => shows_body?,
    };
    Ok(Json(WebhookDeliveryDetail::of(detail, shows_body)))
}
