//! From a request to a file of the app.

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{
            ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, VARY,
        },
    },
    response::{IntoResponse, Response},
};

use crate::{
    assets::{self, Asset, INDEX},
    conditions, media_type,
};

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// May be kept, but must be checked with the server before each use.
const CHECKED: &str = "no-cache";

pub(crate) async fn handle(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let accepts_gzip = conditions::accepts_gzip(&headers);
    let found = match path {
        "" => assets::find(INDEX, accepts_gzip).map(|asset| (INDEX, asset)),
        _ => assets::find(path, accepts_gzip).map(|asset| (path, asset)),
    };
    let found = found.or_else(|| {
        let is_the_apps = is_address_of_the_app(path, &headers);
        let index = is_the_apps.then(|| assets::find(INDEX, accepts_gzip))??;
        Some((INDEX, index))
    });
    match found {
        Some((name, asset)) => answer(name, asset, &method, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether the app's own router knows what to show at a path that names no file.
fn is_address_of_the_app(path: &str, headers: &HeaderMap) -> bool {
    let belongs_to_others = ["api", "assets"].iter().any(|folder| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    if belongs_to_others {
        return false;
    }
    let names_a_file = path
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'));
    conditions::is_navigation(headers) || (conditions::accepts_anything(headers) && !names_a_file)
}

fn answer(name: &str, asset: Asset, method: &Method, request: &HeaderMap) -> Response {
    let is_unchanged = conditions::has_entity(request, &asset.etag);
    let length = asset.bytes.len();
    let body = if is_unchanged || method == Method::HEAD {
        Body::empty()
    } else {
        Body::from(asset.bytes)
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    let lifetime = if name.starts_with("assets/") {
        IMMUTABLE
    } else {
        CHECKED
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(lifetime));
    let etag = HeaderValue::try_from(asset.etag).expect("an entity tag is quoted hexadecimal");
    headers.insert(ETAG, etag);
    if asset.has_twin {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if is_unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type::of(name)));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if asset.is_gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}
