//! `Idempotency-Key`: a request that is sent twice is done once (IETF draft
//! draft-ietf-httpapi-idempotency-key-header).
//!
//! What is guaranteed: a request whose answer was kept is not done again for a day, and the same
//! request under the same key is given that answer. While it is being done, another is refused. It is
//! done to its end although the client hangs up, runs out of patience or is told that the answer took
//! too long: the limit on the time of answers is one on waiting, not on the work, for a write that is
//! given up halfway may still be committed. What is not: where the server dies between the work and the
//! keeping of its answer, nobody knows how far the work came; the same request is refused until the
//! first has given no sign of life for a while, and then done again. Nor where the answer is 500 or
//! above: it is not kept, and what was written before it stays. The work and the answer are two
//! transactions, since handlers write in transactions of their own.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::{FromRequest as _, FromRequestParts as _, OriginalUri, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use rapport_store::idempotency::{self, Answer, Claim, Found, Held};
use tracing::Instrument as _;

use crate::edge::{RequestId, after_panic, with_problem};
use crate::error::{ApiError, ApiResult};
use crate::respond::Secret;
use crate::session::{Caller, not_signed_in};
use crate::state::AppState;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer was kept from an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest key, in characters.
const KEY_CHARS_MAX: usize = 255;
/// Largest answer that is kept, in bytes; those of requests that make things are far smaller.
const ANSWER_BYTES_MAX: usize = 256 << 10;
/// How often a request that is being done gives a sign of life.
const SIGN_EVERY: Duration = Duration::from_secs(10);
/// A request that has given no sign of life for so long is dead: some signs may be late or get lost.
const DEAD_AFTER_SECONDS: i64 = 60;
/// Headers of an answer that are kept with it.
const HEADERS: [HeaderName; 4] = [
    header::CONTENT_TYPE,
    header::LOCATION,
    header::ETAG,
    header::RETRY_AFTER,
];

/// Does a `POST` with a key once, and answers every later one like the first.
pub(crate) async fn do_once(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(&KEY) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    match Caller::from_request_parts(&mut parts, &app).await {
        Ok(caller) => match answer(app, &caller, parts, body, next).await {
            Ok(response) => response,
            Err(error) => error.into_response(),
        },
        // What strangers are answered is kept for nobody.
        Err(error) if error == not_signed_in() => next.run(Request::from_parts(parts, body)).await,
        Err(error) => error.into_response(),
    }
}

/// Refuses a key where bodies are too large to be compared: to ignore it would promise what does not
/// hold.
pub(crate) async fn refuse_key(request: Request, next: Next) -> Response {
    if !request.headers().contains_key(&KEY) {
        return next.run(request).await;
    }
    let detail =
        "an upload takes no Idempotency-Key; after a broken one look at the list of imports";
    ApiError::new(StatusCode::BAD_REQUEST, "idempotency_not_supported", detail).into_response()
}

async fn answer(
    app: AppState,
    caller: &Caller,
    parts: Parts,
    body: Body,
    next: Next,
) -> ApiResult<Response> {
    let key = read_key(&parts.headers)?;
    let uri = parts.extensions.get::<OriginalUri>();
    let route = format!("POST {}", uri.map_or(&parts.uri, |OriginalUri(uri)| uri));
    let body = Bytes::from_request(Request::from_parts(parts.clone(), body), &())
        .await
        .map_err(|rejection| {
            let detail = "the body is larger than this address takes, or broke off";
            ApiError::new(rejection.status(), "body_unreadable", detail)
        })?;
    let claim = Claim::new(&caller.name(), caller.user.id, key, route, &body);
    let now = app.now();
    let dead = now.plus_seconds(-DEAD_AFTER_SECONDS);
    match idempotency::claim(app.system(), claim, dead, now).await? {
        Found::Nothing(held) => {
            let request = Request::from_parts(parts, Body::from(body));
            Ok(work(app, held, request, next).await)
        }
        Found::Answered(kept) => replay(kept),
        Found::Running => {
            let detail = "the same request is being done; ask again in a moment";
            Err(ApiError {
                retry_after: Some(1),
                ..ApiError::new(StatusCode::CONFLICT, "request_in_flight", detail)
            })
        }
        Found::Another => {
            let detail = "this Idempotency-Key was used for another request; take a new one";
            Err(ApiError::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                detail,
            ))
        }
        Found::Told => {
            let detail = "this request was done, and its answer was shown once and not kept";
            Err(ApiError::new(
                StatusCode::CONFLICT,
                "answer_not_kept",
                detail,
            ))
        }
    }
}

fn read_key(headers: &HeaderMap) -> ApiResult<&str> {
    let key = headers.get(&KEY).and_then(|value| value.to_str().ok());
    let is_good = |key: &&str| !key.trim().is_empty() && key.len() <= KEY_CHARS_MAX;
    key.filter(is_good).ok_or_else(|| {
        let detail = "write the Idempotency-Key in 1 to 255 characters of ASCII, such as a UUID";
        ApiError::new(StatusCode::BAD_REQUEST, "bad_idempotency_key", detail)
    })
}

/// Does the work to its end in a task of its own, which no client that goes away and no limit on the time
/// of its answer can stop.
async fn work(app: AppState, held: Held, request: Request, next: Next) -> Response {
    let request_id = request.extensions().get::<RequestId>().cloned();
    let request_id = request_id.unwrap_or_default();
    let task = async move {
        let answered = AssertUnwindSafe(next.run(request)).catch_unwind();
        let answered = tokio::select! {
            answered = answered => answered,
            never = give_signs(&app, &held) => match never {},
        };
        let response = answered.unwrap_or_else(after_panic);
        settle(&app, held, with_problem(response, &request_id)).await
    };
    match tokio::spawn(task.in_current_span()).await {
        Ok(response) => response,
        Err(error) => {
            ApiError::internal(format!("a request was not done: {error}")).into_response()
        }
    }
}

/// Gives signs of life of a request that is being done. One that cannot be written is followed by others
/// before it is missed.
async fn give_signs(app: &AppState, held: &Held) -> Infallible {
    loop {
        tokio::time::sleep(SIGN_EVERY).await;
        if let Err(error) = idempotency::stay_alive(app.system(), held, app.now()).await {
            tracing::warn!(%error, "a request with an Idempotency-Key could not say that it is being done");
        }
    }
}

/// Keeps an answer, or gives the key back where another try makes sense.
async fn settle(app: &AppState, held: Held, response: Response) -> Response {
    let (response, settled) = if is_worth_another_try(response.status()) {
        let settled = idempotency::give_up(app.system(), held).await;
        (response, settled)
    } else {
        let (response, answer) = copy(response).await;
        let settled = idempotency::keep(app.system(), held, answer).await;
        (response, settled)
    };
    if let Err(error) = settled {
        tracing::error!(%error, "the answer of a request with an Idempotency-Key was not kept");
    }
    response
}

/// Whether nothing was done, or nobody knows, for a reason that may pass: the server failed, or it was
/// the caller and not the request that was refused.
fn is_worth_another_try(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS
        )
}

/// The response, and what is to be kept of it; nothing of secrets and of what is too large.
async fn copy(response: Response) -> (Response, Option<Answer>) {
    let (parts, body) = response.into_parts();
    let is_secret = parts.extensions.get::<Secret>().is_some()
        || parts.headers.contains_key(header::SET_COOKIE);
    let n_bytes = body.size_hint().exact();
    if is_secret || n_bytes.is_none_or(|n_bytes| n_bytes > ANSWER_BYTES_MAX as u64) {
        return (Response::from_parts(parts, body), None);
    }
    let Ok(bytes) = to_bytes(body, ANSWER_BYTES_MAX).await else {
        let error = ApiError::internal("an answer of known length could not be read");
        return (error.into_response(), None);
    };
    let headers = HEADERS.iter().filter_map(|name| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    let answer = Answer {
        status: parts.status.as_u16(),
        headers: headers.collect(),
        body: bytes.to_vec(),
    };
    (Response::from_parts(parts, Body::from(bytes)), Some(answer))
}

fn replay(kept: Answer) -> ApiResult<Response> {
    let damaged = || ApiError::internal("a kept answer is damaged");
    let mut response = Response::new(Body::from(kept.body));
    *response.status_mut() = StatusCode::from_u16(kept.status).map_err(|_| damaged())?;
    for (name, value) in kept.headers {
        let name = HeaderName::try_from(name).map_err(|_| damaged())?;
        let value = HeaderValue::try_from(value).map_err(|_| damaged())?;
        response.headers_mut().insert(name, value);
    }
    let yes = HeaderValue::from_static("true");
    response.headers_mut().insert(REPLAYED, yes);
    Ok(response)
}

#[cfg(test)]
mod tests;
