//! A webhook as the API shows and takes it.

use std::collections::BTreeSet;

use rapport_domain::{Violation, WebhookType};
use rapport_store::webhooks::{self, WebhookRow};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::respond::Record;
use crate::session::Network;
use crate::state::Desk;
use crate::webhooks::read_url;
use crate::wire::{Patch, Reference, Time, WebhookStatus, WebhookStop};

/// A type of event, such as `deal.won`.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub(crate) struct WebhookEventType(pub(super) WebhookType);

impl PartialSchema for WebhookEventType {
    fn schema() -> RefOr<Schema> {
        let names = WebhookType::ALL.iter().map(|one| one.name());
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A type of event that a webhook may ask for."))
            .enum_values(Some(names));
        schema.into()
    }
}

impl ToSchema for WebhookEventType {}

/// An address elsewhere that is told what changes here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhook {
    /// Identifier.
    pub(super) id: Uuid,
    /// Where events are posted to.
    url: String,
    /// What it is for.
    description: String,
    /// The types of events that are sent.
    types: Vec<WebhookEventType>,
    /// Whether records that files bring are told one by one, too.
    with_imports: bool,
    /// Whether anything is sent.
    is_enabled: bool,
    /// Through whose eyes it sees the records: it is told what this person may see.
    owner: Reference,
    /// Since when nothing could be delivered.
    failing_since: Option<Time>,
    /// Why it was switched off, where nobody did it.
    stop: Option<WebhookStop>,
    /// How it does.
    health: WebhookHealth,
    /// When it was made.
    created_at: Time,
    /// Latest change by a person.
    updated_at: Time,
    /// Version for `If-Match`.
    version: i64,
}

/// How a webhook does.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookHealth {
    /// How far its latest deliveries are, the latest first; at most 30.
    recent: Vec<WebhookStatus>,
    /// How many wait to be sent, up to a thousand.
    n_waiting: u64,
    /// When something was tried last.
    last_attempt_at: Option<Time>,
}

/// One's own webhooks, or everybody's for administrators.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookList {
    /// The webhooks, the oldest first.
    pub(super) webhooks: Vec<Webhook>,
    /// The types of events that there are.
    pub(super) types: Vec<WebhookEventType>,
}

/// A webhook just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewWebhook {
    /// What its deliveries are signed with, as libraries of Standard Webhooks take it; never to be
    /// shown again.
    pub(super) secret: String,
    /// The webhook.
    pub(super) webhook: Webhook,
}

/// A webhook's secret, just drawn.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewWebhookSecret {
    /// The secret, never to be shown again.
    pub(super) secret: String,
    /// Until when deliveries are signed with the old one, too.
    pub(super) old_secret_until: Time,
}

/// A webhook to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookInput {
    /// Where events are posted to, beginning with https://.
    #[schema(max_length = 2_000)]
    pub(super) url: String,
    /// What it is for, in at most 200 characters.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub(super) description: String,
    /// The types of events to be sent; at least one.
    #[schema(min_items = 1, value_type = Vec<WebhookEventType>)]
    pub(super) types: Vec<String>,
    /// Whether records that files bring are told one by one, too. `import.finished` is told in any case.
    #[serde(default)]
    pub(super) with_imports: bool,
}

/// Fields to set: a merge patch.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookPatch {
    /// Where events are posted to.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    url: Patch<String>,
    /// What it is for.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false)]
    description: Patch<String>,
    /// The types of events to be sent.
    #[serde(default)]
    #[schema(value_type = Vec<WebhookEventType>, required = false)]
    types: Patch<Vec<String>>,
    /// Whether records that files bring are told one by one, too.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    with_imports: Patch<bool>,
    /// Whether anything is sent. What waits is sent when it is switched on again.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_enabled: Patch<bool>,
}

impl WebhookPatch {
    /// Sets the fields that are present and checks the webhook.
    pub(super) fn apply(
        self,
        webhook: &mut rapport_domain::Webhook,
        allowed: &[Network],
    ) -> ApiResult<()> {
        let mut violations = Vec::new();
        self.url
            .apply_required(&mut webhook.url, "/url", &mut violations);
        match self.description {
            Patch::Keep => {}
            Patch::Clear => webhook.description.clear(),
            Patch::Set(text) => webhook.description = text.trim().to_owned(),
        }
        match self.types {
            Patch::Keep => {}
            Patch::Clear => webhook.types.clear(),
            Patch::Set(names) => webhook.types = read_types(&names)?,
        }
        self.with_imports.apply_required(
            &mut webhook.with_imports,
            "/with_imports",
            &mut violations,
        );
        let was_enabled = webhook.is_enabled;
        self.is_enabled
            .apply_required(&mut webhook.is_enabled, "/is_enabled", &mut violations);
        if webhook.is_enabled && !was_enabled {
            // A clean slate: what failed before says nothing of what comes.
            webhook.stop = None;
            webhook.failing_since = None;
        }
        check(webhook, allowed, violations)
    }
}

/// Refuses a webhook that breaks a rule, or goes where webhooks must not.
pub(super) fn check(
    webhook: &mut rapport_domain::Webhook,
    allowed: &[Network],
    mut violations: Vec<Violation>,
) -> ApiResult<()> {
    match read_url(&webhook.url, allowed) {
        Ok(url) => webhook.url = url.into(),
        Err(bad) => violations.push(bad.violation()),
    }
    let broken = webhook.check().err();
    violations.extend(broken.into_iter().flat_map(|invalid| invalid.violations));
    ApiError::check(violations)
}

/// The types of these names, each once.
pub(super) fn read_types(names: &[String]) -> ApiResult<BTreeSet<WebhookType>> {
    let mut types = BTreeSet::new();
    for (idx, name) in names.iter().enumerate() {
        let Some(one) = WebhookType::named(name) else {
            let pointer = format!("/types/{idx}");
            let message = "there is no such type of event; the list of webhooks names them all";
            return Err(ApiError::unprocessable(pointer, "unknown_type", message));
        };
        types.insert(one);
    }
    Ok(types)
}

impl Webhook {
    /// The webhook with how it does.
    pub(super) async fn of(app: &Desk, row: WebhookRow) -> ApiResult<Self> {
        let WebhookRow { webhook, owner } = row;
        let health = webhooks::health(app.store(), webhook.id).await?;
        let recent = health.recent.into_iter();
        Ok(Self {
            id: webhook.id.0,
            url: webhook.url,
            description: webhook.description,
            types: webhook.types.into_iter().map(WebhookEventType).collect(),
            with_imports: webhook.with_imports,
            is_enabled: webhook.is_enabled,
            owner: owner.into(),
            failing_since: webhook.failing_since.map(Time),
            stop: webhook.stop.map(WebhookStop::from),
            health: WebhookHealth {
                recent: recent.map(WebhookStatus::from).collect(),
                n_waiting: health.n_waiting,
                last_attempt_at: health.last_attempt_at.map(Time),
            },
            created_at: Time(webhook.created_at),
            updated_at: Time(webhook.updated_at),
            version: webhook.version,
        })
    }
}

impl From<Webhook> for Record<Webhook> {
    fn from(webhook: Webhook) -> Self {
        Self {
            version: webhook.version,
            body: webhook,
        }
    }
}
