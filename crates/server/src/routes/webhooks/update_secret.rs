//! `POST /webhooks/{id}/rotate_secret`

use axum::Json;
use rapport_domain::WebhookId;
use rapport_store::webhooks::{self, WebhookSecret};

use super::webhook::NewWebhookSecret;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageWebhooks;
use crate::respond::ShownOnce;
use crate::session::Allowed;
use crate::signing::write_secret;
use crate::wire::Time;

/// Hours in which deliveries are signed with the old secret, too.
const BOTH_HOURS: i64 = 24;

/// Gives a webhook another secret. For a day its deliveries are signed with both, so that the receiver
/// can be changed meanwhile. This answer alone shows it.
#[utoipa::path(
    post, path = "/webhooks/{id}/rotate_secret", tag = "webhooks",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = NewWebhookSecret)),
)]
pub(super) async fn update_webhook_secret(
    user: Allowed<ManageWebhooks>,
    Id(id): Id<WebhookId>,
) -> ApiResult<ShownOnce<Json<NewWebhookSecret>>> {
    let app = &user.app;
    super::find(app, &user, id).await?;
    let secret = WebhookSecret::generate();
    let old_until = app.now().plus_seconds(BOTH_HOURS * 3_600);
    webhooks::rotate_secret(app.store(), id, &secret, old_until).await?;
    Ok(ShownOnce(Json(NewWebhookSecret {
        secret: write_secret(secret.as_bytes()),
        old_secret_until: Time(old_until),
    })))
}
