//! `POST /webhooks`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::WebhookId;
use rapport_store::webhooks::{self, WEBHOOKS_MAX, WebhookSecret};

use super::webhook::{NewWebhook, Webhook, WebhookInput, check, read_types};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::ManageWebhooks;
use crate::respond::{Created, ShownOnce};
use crate::session::Allowed;
use crate::signing::write_secret;

/// Makes a webhook that is told what oneself may see. This answer alone shows its secret.
#[utoipa::path(
    post, path = "/webhooks", tag = "webhooks", request_body = WebhookInput,
    responses((status = 201, body = NewWebhook)),
)]
pub(super) async fn create_webhook(
    user: Allowed<ManageWebhooks>,
    Body(input): Body<WebhookInput>,
) -> ApiResult<ShownOnce<Created<Json<NewWebhook>>>> {
    let app = &user.app;
    let now = app.now();
    let id: WebhookId = app.new_id();
    let mut webhook = rapport_domain::Webhook {
        id,
        url: input.url,
        description: input.description.trim().to_owned(),
        types: read_types(&input.types)?,
        with_imports: input.with_imports,
        is_enabled: true,
        owner_id: user.id,
        failing_since: None,
        stop: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    check(&mut webhook, &app.config().webhook_networks, Vec::new())?;
    user.confirm().await?;
    let secret = WebhookSecret::generate();
    if !webhooks::create(app.store(), webhook, &secret).await? {
        return Err(too_many());
    }
    let made = NewWebhook {
        secret: write_secret(secret.as_bytes()),
        webhook: Webhook::of(app, super::find(app, &user, id).await?).await?,
    };
    Ok(ShownOnce(Created::new("webhooks", id.0, Json(made))))
}

fn too_many() -> ApiError {
    let detail = format!("you have {WEBHOOKS_MAX} webhooks; delete one that is not needed");
    ApiError::new(StatusCode::CONFLICT, "too_many_webhooks", detail)
}
