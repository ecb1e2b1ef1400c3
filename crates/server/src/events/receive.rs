//! One request with events: unpack, read, take in, answer.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts as _, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use rapport_ingest::events::{BODY_BYTES_MAX, BodyFault, Delivery, EventFault, Terms};
use rapport_pipelines::{take_delivery, take_in};
use rapport_store::settings;
use rapport_store::sources::Source;
use serde::Serialize;

use super::form::{Form, Readable, Unreadable, key_of_address};
use super::slots::{EventSlot, Holder, SLOW_AFTER};
use super::{key, signature};
use crate::error::{ApiError, ApiResult};
use crate::session::ClientAddress;
use crate::state::AppState;

/// Seconds after which a source that came too early should come again.
const RETRY_AFTER_SECONDS: u64 = 5;

/// What the libraries expect.
#[derive(Debug, Serialize)]
pub(super) struct Taken {
    success: bool,
}

/// Takes the events of a body in and answers once they are durable. The bad ones of a batch are
/// counted by their reasons; the one of a call is refused as well.
pub(super) async fn receive(
    State(app): State<AppState>,
    form: Form,
    request: Request,
) -> ApiResult<Json<Taken>> {
    if !app.whole_workspace().has_room_for_events() {
        return Err(come_later());
    }
    let (mut parts, body) = request.into_parts();
    // A wrong key is told before the body is taken in.
    let shown = key::of_headers(&parts.headers).or_else(|| key_of_address(&parts));
    let known = match shown {
        None if form.names_key() => None,
        shown => Some(key::source_of(&app, shown.as_deref()).await?),
    };
    let holder = holder_of(&mut parts, &app, known.as_ref()).await;
    let slot = app.event_slots().enter(holder.clone());
    let slot = Arc::new(slot.ok_or_else(come_later)?);
    let body = body_of(&app, Request::from_parts(parts.clone(), body), holder).await?;
    let outcome = take(&app, form, parts, body, known.clone(), slot).await;
    if let (Some(source), Err(error)) = (&known, &outcome)
        && error.is_of_body
    {
        let unreadable = vec![Err(EventFault::Unreadable)];
        take_in(app.whole_workspace(), source, unreadable).await?;
    }
    outcome.map_err(|refusal| refusal.error)
}

/// Why a body is not taken.
struct Refusal {
    error: ApiError,
    /// Whether nobody can tell which events it held; that is counted.
    is_of_body: bool,
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self {
            error,
            is_of_body: false,
        }
    }
}

impl Refusal {
    /// Of a body that cannot be read. What fails on our side will come again.
    fn of_body(error: ApiError) -> Self {
        Self {
            is_of_body: error.status.is_client_error(),
            error,
        }
    }
}

async fn take(
    app: &AppState,
    form: Form,
    parts: Parts,
    body: Result<Bytes, BytesRejection>,
    known: Option<Source>,
    slot: Arc<EventSlot>,
) -> Result<Json<Taken>, Refusal> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::of_body(too_large(BODY_BYTES_MAX)),
        _ => Refusal::of_body(broken_off()),
    })?;
    let headers = parts.headers.clone();
    let raw = body.clone();
    let known = match known {
        Some(source) => Some(Sender::check(app, source, &headers, &raw).await?),
        None => None,
    };
    let opened = aside(&slot, move || form.open(&parts, body)).await?;
    let body = opened.map_err(|reason| match reason {
        Unreadable::Refused(error) => Refusal::of_body(error),
        Unreadable::Fault(fault) => Refusal::of_body(unreadable(fault)),
    })?;
    let body = Arc::new(body);
    let Sender { source, delivery } = match known {
        Some(sender) => sender,
        None => {
            // Whoever has no right to send is found out before any message is read.
            let named = Arc::clone(&body);
            let key = aside(&slot, move || named.key()).await?;
            let source = key::source_of(app, key.as_deref()).await?;
            Sender::check(app, source, &headers, &raw).await?
        }
    };
    if delivery.is_some() && !body.is_in_body() {
        return Err(signature::not_covered().into());
    }
    let is_one = body.is_one();
    let read = read(app, body, &slot).await?;
    let fault = match &read.events[..] {
        [Err(fault)] if is_one => Some(*fault),
        _ => None,
    };
    let workspace = app.whole_workspace();
    take_delivery(workspace, &source, read.events, delivery)
        .await
        .map_err(ApiError::from)?;
    match fault {
        Some(fault) => Err(refused(fault).into()),
        None => Ok(Json(Taken { success: true })),
    }
}

/// Who sends, checked.
struct Sender {
    source: Source,
    /// The key of the delivery, where the source signs.
    delivery: Option<String>,
}

impl Sender {
    async fn check(
        app: &AppState,
        source: Source,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> ApiResult<Self> {
        let delivery = signature::check(app, &source, headers, body).await?;
        Ok(Self { source, delivery })
    }
}

/// Whom the place is counted for.
async fn holder_of(parts: &mut Parts, app: &AppState, known: Option<&Source>) -> Holder {
    if let Some(source) = known {
        return Holder::Source(source.id);
    }
    let Ok(ClientAddress(network)) = ClientAddress::from_request_parts(parts, app).await;
    Holder::Address(network)
}

/// The body. One that takes its time needs a place among the few that may.
async fn body_of(
    app: &AppState,
    request: Request,
    holder: Holder,
) -> ApiResult<Result<Bytes, BytesRejection>> {
    let mut coming = std::pin::pin!(Bytes::from_request(request, app));
    if let Ok(body) = tokio::time::timeout(SLOW_AFTER, &mut coming).await {
        return Ok(body);
    }
    let _lingering = app.event_slots().linger(holder).ok_or_else(come_later)?;
    Ok(coming.await)
}

/// Reads the events of a body.
async fn read(
    app: &AppState,
    body: Arc<Readable>,
    slot: &Arc<EventSlot>,
) -> Result<Delivery, Refusal> {
    let settings = settings::workspace(app.system()).await;
    let terms = Terms {
        received_at: app.now(),
        currency: settings.map_err(ApiError::from)?.default_currency,
    };
    let read = aside(slot, move || body.read(&terms)).await?;
    read.map_err(|fault| Refusal::of_body(unreadable(fault)))
}

/// Runs work on a thread that may take its time. It goes on where whoever asked has gone, and has its
/// place until it is done.
async fn aside<T: Send + 'static>(
    slot: &Arc<EventSlot>,
    work: impl FnOnce() -> T + Send + 'static,
) -> ApiResult<T> {
    let slot = Arc::clone(slot);
    let working = tokio::task::spawn_blocking(move || {
        let _slot = slot;
        work()
    });
    working
        .await
        .map_err(|error| ApiError::internal(error.to_string()))
}

fn broken_off() -> ApiError {
    ApiError::bad_request("", "body_unreadable", "the body broke off; send it again")
}

fn unreadable(fault: BodyFault) -> ApiError {
    let said = fault.to_string();
    match fault {
        BodyFault::NotJson { .. } => ApiError::bad_request("", "not_json", said),
        BodyFault::NoBatch { .. } => ApiError::bad_request("/batch", "wrong_shape", said),
        BodyFault::NoData => ApiError::bad_request("/data", "no_data", said),
        BodyFault::BadBase64 => ApiError::bad_request("/data", "bad_base64", said),
        BodyFault::TooMany { .. } => ApiError::bad_request("", "wrong_shape", said),
        BodyFault::BadGzip => ApiError::bad_request("", "bad_gzip", said),
        BodyFault::TooLarge { limit } => too_large(limit),
    }
}

/// The one event of a call that is not taken. Libraries send what was refused so never again.
fn refused(fault: EventFault) -> ApiError {
    let error = ApiError::bad_request(fault.pointer(), fault.code(), fault.to_string());
    match fault {
        EventFault::TooLarge => ApiError {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            ..error
        },
        _ => error,
    }
}

fn too_large(limit: usize) -> ApiError {
    let detail = format!("the body is larger than {limit} bytes; send smaller batches");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

fn come_later() -> ApiError {
    let detail = "more events come than can be stored at the moment; send them again later";
    ApiError {
        retry_after: Some(RETRY_AFTER_SECONDS),
        ..ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_events", detail)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, header};
    use rapport_domain::{Currency, IdGenerator, Timestamp};
    use rapport_pipelines::{Clock, OpenOptions, Workspace};
    use tokio_util::sync::CancellationToken;
    use tower::ServiceExt;

    use super::*;
    use crate::config::ServerConfig;

    #[tokio::test]
    async fn who_comes_while_all_slots_are_taken_is_told_to_come_later() {
        let directory = tempfile::TempDir::new().unwrap();
        let options = OpenOptions {
            database: rapport_testing::database_of(directory.path()),
            lake: None,
            currency: Currency::EUR,
            region: "DE".to_owned(),
            memory_limit_bytes: 64 << 20,
            clock: Clock::fixed(Timestamp::from_millis(1_767_603_600_000)),
            ids: IdGenerator::new(1),
        };
        let workspace = Workspace::open(directory.path(), options).await.unwrap();
        let app = AppState::new(workspace, ServerConfig::default(), CancellationToken::new());
        let send = async || {
            let request = Request::post("/v1/batch").header(header::HOST, "localhost");
            let request = request.body(Body::from("{}")).unwrap();
            crate::app::router(app.clone())
                .oneshot(request)
                .await
                .unwrap()
        };

        let address = || Holder::Address("127.0.0.1".to_owned());
        let slots: Vec<_> = std::iter::from_fn(|| app.event_slots().enter(address())).collect();
        let refused = send().await;
        drop(slots);
        let later = send().await;

        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "5");
        let body = to_bytes(refused.into_body(), usize::MAX).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains("\"code\":\"too_many_events\""));
        // It has no key.
        assert_eq!(later.status(), StatusCode::UNAUTHORIZED);
    }
}
