//! Pages of any origin may send events. No cookie is taken along: who may send is said by the key.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What every answer says.
const ALWAYS: [(HeaderName, &str); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "retry-after"),
];

/// What the answer to a browser that asks first says besides.
const PREFLIGHT: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, "POST, GET"),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, content-encoding",
    ),
    (header::ACCESS_CONTROL_MAX_AGE, "86400"),
];

/// Lets pages of all origins read the answers, refusals included.
pub(super) async fn answer_all(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        let mut response = StatusCode::NO_CONTENT.into_response();
        add(&mut response, &PREFLIGHT);
        response
    } else {
        next.run(request).await
    };
    add(&mut response, &ALWAYS);
    response
}

fn add(response: &mut Response, headers: &[(HeaderName, &'static str)]) {
    for (name, value) in headers {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
}
