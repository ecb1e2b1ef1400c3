//! A delivery as the API shows it.

use rapport_store::webhooks::{Attempt, DeliveryDetail, DeliveryRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{Time, WebhookObject, WebhookStatus};

/// An event that is told to a webhook.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookDelivery {
    /// Identifier.
    id: Uuid,
    /// The header `webhook-id`, by which the receiver knows the event.
    message_id: String,
    /// Its type; `webhook.test` of a test.
    r#type: String,
    /// What it is about.
    object: Option<WebhookObject>,
    /// The record.
    record_id: Option<Uuid>,
    /// How far it is.
    status: WebhookStatus,
    /// Times that it was tried.
    n_attempts: u32,
    /// When it is tried next.
    next_attempt_at: Option<Time>,
    /// When it was queued.
    created_at: Time,
    /// When it was tried last.
    last_attempt_at: Option<Time>,
    /// HTTP status of the last answer, where there was one.
    last_code: Option<u16>,
}

/// A piece of a webhook's log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookDeliveryList {
    /// The deliveries.
    pub(super) deliveries: Vec<WebhookDelivery>,
    /// Where it goes on.
    pub(super) meta: Meta,
}

/// A delivery with what was sent and what was answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookDeliveryDetail {
    /// The delivery.
    delivery: WebhookDelivery,
    /// The body that is sent. It is left out where the caller does not see the record, or the record
    /// is gone; where the caller does not see all fields, it is with the record as it is now.
    body: Option<String>,
    /// The tries that came to an end, the first one first.
    attempts: Vec<WebhookAttempt>,
}

/// One try to deliver.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookAttempt {
    /// Its number, from 1.
    number: u32,
    /// When it began.
    at: Time,
    /// How long it took, in milliseconds.
    duration_ms: u64,
    /// HTTP status of the answer, where there was one.
    code: Option<u16>,
    /// Why there was no answer.
    failure: Option<String>,
    /// The first bytes of the answer, as text. It is left out with the body, which receivers may echo, and
    /// where the caller does not see all fields.
    answer: Option<String>,
}

/// What to send once more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookReplayInput {
    /// Deliveries that were queued since this instant.
    pub(super) since: Time,
    /// Only those that failed.
    #[serde(default)]
    pub(super) only_failed: bool,
}

/// What is sent once more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookReplay {
    /// How many deliveries that are.
    pub(super) n_deliveries: u64,
    /// Where there were too many for one call: from when on the next one goes on.
    pub(super) next_since: Option<Time>,
}

impl From<DeliveryRow> for WebhookDelivery {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id.0,
            message_id: format!("msg_{}", row.id.0.simple()),
            r#type: row.type_name,
            object: row.object.map(WebhookObject::from),
            record_id: row.record_id,
            status: row.status.into(),
            n_attempts: row.n_attempts,
            next_attempt_at: row.next_attempt_at.map(Time),
            created_at: Time(row.created_at),
            last_attempt_at: row.last_attempt_at.map(Time),
            last_code: row.last_code,
        }
    }
}

impl WebhookDeliveryDetail {
    /// The delivery, with its body and the answers where the caller may see them.
    pub(super) fn of(
        mut detail: DeliveryDetail,
        body: Option<String>,
        shows_answers: bool,
    ) -> Self {
        if !shows_answers {
            for attempt in &mut detail.attempts {
                attempt.answer = None;
            }
        }
        let attempts = detail.attempts.into_iter();
        Self {
            delivery: detail.row.into(),
            body,
            attempts: attempts.map(WebhookAttempt::from).collect(),
        }
    }
}

impl From<Attempt> for WebhookAttempt {
    fn from(attempt: Attempt) -> Self {
        Self {
            number: attempt.number,
            at: Time(attempt.at),
            duration_ms: attempt.duration_ms,
            code: attempt.code,
            failure: attempt.failure,
            answer: attempt.answer,
        }
    }
}
