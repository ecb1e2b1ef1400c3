//! One delivery after the other to one webhook: claimed, sent, and noted what became of it.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use rapport_domain::WebhookId;
use rapport_store::webhooks::{self, Attempt, Claimed, Fate, WebhookSecret};

use uuid::Uuid;

use super::address::read_url;
use super::call::{Answer, CallError, call};
use super::dispatch::desk_of;
use super::event::{TEST, is_of_record, shown_body};
use super::schedule::{next_try, read_retry_after};
use crate::error::{ApiError, ApiResult};
use crate::signing::{ID, SIGNATURE, TIMESTAMP, sign};
use crate::state::AppState;

/// How long a delivery is nobody else's; longer than a call and a note of it take.
pub(crate) const LEASE: Duration = Duration::from_secs(60);
/// Deliveries to one webhook before others get their turn.
const N_PER_TURN: usize = 50;
/// A webhook that has taken nothing for so many days is switched off.
const FAILING_DAYS: i64 = 5;

/// Sends what is due to a webhook, in order, until nothing is or something fails, unless another sender has
/// the turn.
pub(super) async fn take_turn(app: &AppState, webhook: WebhookId, sender: Uuid) -> ApiResult<()> {
    let sent = send_due(app, webhook, sender).await;
    webhooks::end_turn(app.system(), webhook, sender).await?;
    sent
}

async fn send_due(app: &AppState, webhook: WebhookId, sender: Uuid) -> ApiResult<()> {
    for _ in 0..N_PER_TURN {
        if app.shutdown().is_cancelled() {
            break;
        }
        let claimed = webhooks::claim(app.system(), webhook, sender, app.now(), LEASE).await?;
        let Some(claimed) = claimed else {
            break;
        };
        // What failed is tried again later; what comes after it waits for the next turn.
        match deliver(app, &claimed).await? {
            Fate::Delivered | Fate::Withheld | Fate::Unreadable => {}
            _ => break,
        }
    }
    Ok(())
}

/// Tries a delivery that was claimed, and notes what became of it.
pub(crate) async fn deliver(app: &AppState, claimed: &Claimed) -> ApiResult<Fate> {
    let (attempt, fate) = match body_now(app, claimed).await {
        Ok(Some(body)) => {
            let (attempt, fate) = attempt(app, claimed, body).await;
            (Some(attempt), fate)
        }
        Ok(None) => (None, Fate::Withheld),
        Err(error) if is_of_record(&error) => {
            log(claimed.webhook_id, &error);
            (Some(unreadable(app, claimed)), Fate::Unreadable)
        }
        Err(error) => return Err(error),
    };
    let now = app.now();
    let failing_limit = now.plus_days(-FAILING_DAYS);
    webhooks::note(app.system(), claimed, attempt, fate, failing_limit, now).await?;
    Ok(fate)
}

async fn attempt(app: &AppState, claimed: &Claimed, body: String) -> (Attempt, Fate) {
    let begun_at = app.now();
    let clock = Instant::now();
    let outcome = send(app, claimed, body).await;
    let fate = fate_of(app, claimed, &outcome);
    let duration_ms = u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (answer, failure) = match outcome {
        Ok(answer) => (Some(answer), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let attempt = Attempt {
        number: claimed.number,
        at: begun_at,
        duration_ms,
        code: answer.as_ref().map(|answer| answer.code),
        failure,
        answer: answer.map(|answer| answer.text),
    };
    (attempt, fate)
}

/// What the log of a webhook says where a record cannot be read, and nothing was sent.
fn unreadable(app: &AppState, claimed: &Claimed) -> Attempt {
    let failure = "nothing was sent: the record cannot be read; the server's log has more";
    Attempt {
        number: claimed.number,
        at: app.now(),
        duration_ms: 0,
        code: None,
        failure: Some(failure.to_owned()),
        answer: None,
    }
}

/// The body of a delivery as its owner may see it now; none where the record is not there, or not the owner's
/// to see. Days may have passed since it was queued, and it holds what the record said then.
async fn body_now(app: &AppState, claimed: &Claimed) -> ApiResult<Option<String>> {
    let record = claimed.object.zip(claimed.record_id);
    match desk_of(app, claimed.owner_id).await? {
        Some(desk) => shown_body(&desk, &claimed.body, &claimed.type_name, record).await,
        None => Ok(None),
    }
}

async fn send(app: &AppState, claimed: &Claimed, body: String) -> Result<Answer, CallError> {
    let config = app.config();
    let url = read_url(&claimed.url, &config.webhook_networks)?;
    let headers = headers(app, claimed, &body)?;
    let body = Bytes::from(body);
    let networks = &config.webhook_networks;
    call(&url, headers, body, networks, config.webhook_timeout).await
}

/// The headers of a try, signed with its own instant.
fn headers(app: &AppState, claimed: &Claimed, body: &str) -> Result<HeaderMap, CallError> {
    let id = format!("msg_{}", claimed.id.as_uuid().simple());
    let at = (app.now().as_millis() / 1_000).to_string();
    let secrets = claimed.secrets.iter().map(WebhookSecret::as_bytes);
    let signature = sign(secrets, &id, &at, body.as_bytes());
    let mut headers = HeaderMap::new();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    let agent = concat!("Rapport-Webhooks/", env!("CARGO_PKG_VERSION"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
    for (name, value) in [(ID, id), (TIMESTAMP, at), (SIGNATURE, signature)] {
        let value = HeaderValue::try_from(value).map_err(axum::http::Error::from)?;
        headers.insert(name, value);
    }
    Ok(headers)
}

/// What becomes of a delivery. A test is tried once, even where whoever asked for it went away before it was
/// noted, and it was claimed once more.
fn fate_of(app: &AppState, claimed: &Claimed, outcome: &Result<Answer, CallError>) -> Fate {
    let retry_after = match outcome {
        Ok(answer) if (200..300).contains(&answer.code) => return Fate::Delivered,
        _ if claimed.type_name == TEST => return Fate::FailedTest,
        Ok(answer) if answer.code == 410 => return Fate::Gone,
        Ok(answer) => answer.retry_after.as_deref(),
        Err(_) => None,
    };
    let now = app.now();
    let retry_after = retry_after.and_then(|text| read_retry_after(text, now));
    match next_try(claimed.id, claimed.n_tries, retry_after, now) {
        Some(at) => Fate::TriedAgain(at),
        None => Fate::Failed,
    }
}

/// What the log is told where a delivery cannot be tried at all.
pub(super) fn log(webhook: WebhookId, error: &ApiError) {
    let cause = error.cause.as_deref().unwrap_or(&error.detail);
    tracing::error!(%webhook, cause, "a webhook's turn was broken off");
}
