//! One id, one log line and one measurement per request, without personal data: the matched route
//! instead of the path, no query, no body, no headers.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

use crate::state::AppState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names one request in the log, in the response header and in a problem's `instance`.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Gives the request its id, measures it and writes its log line.
pub(crate) async fn observe(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let id = id_of(&request, &app);
    let method = known(request.method());
    let route: Arc<str> = match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().into(),
        None => "unmatched".into(),
    };
    request.extensions_mut().insert(id.clone());

    let span = tracing::info_span!("request", request_id = %id, %method, route = &*route);
    let mut response = next.run(request).instrument(span.clone()).await;

    let elapsed = begun.elapsed();
    let status = response.status().as_u16();
    let ms = elapsed.as_millis() as u64;
    span.in_scope(|| tracing::info!(status, ms, "answered"));
    app.metrics().count_request(method, &route, status, elapsed);
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The method's name if it is a standard one. Anybody can make up others, and every new name would
/// be one more line of the measurements for ever.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE",
    ];
    let name = method.as_str();
    KNOWN
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("other")
}

/// The id that a proxy gave, where it is a UUID (anything else could be anything), or a new one.
fn id_of(request: &Request, app: &AppState) -> RequestId {
    let given = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    let id = given
        .and_then(|text| Uuid::parse_str(text).ok())
        .unwrap_or_else(|| app.new_id());
    RequestId(id.to_string().into())
}
