//! One request with events: unpack, read, take in, answer.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use rapport_ingest::events::{
    BODY_BYTES_MAX, BodyFault, Call, Delivery, EventFault, Terms, read_batch, read_call, unpack,
};
use rapport_pipelines::take_in;
use rapport_store::settings;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;

use super::key;
use crate::error::{ApiError, ApiResult};
use crate::state::AppState;

/// Seconds after which a source that came too early should come again.
const RETRY_AFTER_SECONDS: u64 = 5;

/// What the libraries expect.
#[derive(Debug, Serialize)]
pub(super) struct Taken {
    success: bool,
}

/// How the body was made small for the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Plain,
    Gzip,
}

/// Takes the events of a body in and answers once they are durable. The bad ones of a batch are
/// counted by their reasons; the one of a call is refused as well.
pub(super) async fn receive(
    State(app): State<AppState>,
    call: Option<Call>,
    request: Request,
) -> ApiResult<Json<Taken>> {
    let slot = Arc::new(app.event_slot().ok_or_else(come_later)?);
    if !app.whole_workspace().has_room_for_events() {
        return Err(come_later());
    }
    // A wrong key is told before the body is taken in.
    let known = match key::of_headers(request.headers()) {
        Some(key) => Some(key::source_of(&app, Some(&key)).await?),
        None => None,
    };
    let packing = packing(request.headers());
    let body = Bytes::from_request(request, &app).await;
    let delivery = match read(&app, call, packing, body, Arc::clone(&slot)).await {
        Ok(delivery) => delivery,
        Err(error) => {
            // What fails on our side will come again.
            if let Some(source) = known.as_ref().filter(|_| error.status.is_client_error()) {
                let unreadable = vec![Err(EventFault::Unreadable)];
                take_in(app.whole_workspace(), source, unreadable).await?;
            }
            return Err(error);
        }
    };
    let source = match known {
        Some(source) => source,
        None => key::source_of(&app, delivery.write_key.as_deref()).await?,
    };
    let fault = match (call, &delivery.events[..]) {
        (Some(_), [Err(fault)]) => Some(*fault),
        _ => None,
    };
    take_in(app.whole_workspace(), &source, delivery.events).await?;
    match fault {
        Some(fault) => Err(refused(fault)),
        None => Ok(Json(Taken { success: true })),
    }
}

/// Reads a body on a thread that may take its time.
async fn read(
    app: &AppState,
    call: Option<Call>,
    packing: ApiResult<Packing>,
    body: Result<Bytes, BytesRejection>,
    slot: Arc<OwnedSemaphorePermit>,
) -> ApiResult<Delivery> {
    let packing = packing?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(BODY_BYTES_MAX),
        _ => ApiError::bad_request("", "body_unreadable", "the body broke off; send it again"),
    })?;
    let terms = Terms {
        received_at: app.now(),
        currency: settings::workspace(app.system()).await?.default_currency,
    };
    let reading = tokio::task::spawn_blocking(move || {
        // The thread reads on where whoever asked has gone, and is counted until it is done.
        let _slot = slot;
        let unpacked = match packing {
            Packing::Plain => None,
            Packing::Gzip => Some(unpack(&body, BODY_BYTES_MAX)?),
        };
        let json = unpacked.as_deref().unwrap_or(&body);
        match call {
            Some(call) => read_call(call, json, &terms),
            None => read_batch(json, &terms),
        }
    });
    match reading.await {
        Ok(read) => read.map_err(unreadable),
        Err(error) => Err(ApiError::internal(error.to_string())),
    }
}

fn packing(headers: &HeaderMap) -> ApiResult<Packing> {
    let value = headers.get(header::CONTENT_ENCODING);
    let text = value.map_or("", |value| value.to_str().unwrap_or("?"));
    match text.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Packing::Plain),
        "gzip" | "x-gzip" => Ok(Packing::Gzip),
        _ => {
            let detail = "send the body as it is or compressed with gzip";
            Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unknown_encoding",
                detail,
            ))
        }
    }
}

fn unreadable(fault: BodyFault) -> ApiError {
    let said = fault.to_string();
    match fault {
        BodyFault::NotJson { .. } => ApiError::bad_request("", "not_json", said),
        BodyFault::NoBatch { .. } => ApiError::bad_request("/batch", "wrong_shape", said),
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
    use axum::http::Request;
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

        let slots: Vec<_> = std::iter::from_fn(|| app.event_slot()).collect();
        let refused = send().await;
        drop(slots);
        let later = send().await;

        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "5");
        let body = to_bytes(refused.into_body(), usize::MAX).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains("\"code\":\"too_many_events\""));
        assert_eq!(later.status(), StatusCode::BAD_REQUEST);
    }
}
