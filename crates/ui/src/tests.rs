//! Requests against the router. They hold for whatever is embedded: the app, the page in its
//! place, or the folder `fixtures/app`, which holds one file of each kind
//! (`RAPPORT_UI=crates/ui/fixtures/app` as an absolute path).

use std::io::Read;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use flate2::read::GzDecoder;
use tower::ServiceExt;

use crate::{assets, conditions, media_type, router};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(method: Method, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

async fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    ask(Method::GET, path, headers).await
}

const BROWSER: (header::HeaderName, &str) =
    (header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");

#[tokio::test]
async fn root_is_the_page_and_is_checked_each_time() {
    let answer = get("/", &[]).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.header(header::CONTENT_TYPE),
        "text/html; charset=utf-8"
    );
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-cache");
    assert!(answer.header(header::ETAG).starts_with('"'));
    assert!(
        String::from_utf8(answer.body)
            .unwrap()
            .contains("<!doctype html>")
    );
}

#[tokio::test]
async fn page_that_the_caller_holds_is_not_sent_again() {
    let first = get("/", &[]).await;
    let etag = first.header(header::ETAG);

    for held in [
        etag.to_owned(),
        format!("W/{etag}"),
        format!("\"old\", {etag}"),
        "*".to_owned(),
    ] {
        let second = get("/", &[(header::IF_NONE_MATCH, &held)]).await;

        assert_eq!(second.status, StatusCode::NOT_MODIFIED, "{held}");
        assert!(second.body.is_empty());
        assert_eq!(second.header(header::ETAG), etag);
    }
    let other = get("/", &[(header::IF_NONE_MATCH, "\"other\"")]).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let got = get("/", &[]).await;
    let head = ask(Method::HEAD, "/", &[]).await;

    assert_eq!(head.status, StatusCode::OK);
    assert!(head.body.is_empty());
    assert_eq!(
        head.header(header::CONTENT_LENGTH),
        got.body.len().to_string()
    );
    assert_eq!(head.header(header::ETAG), got.header(header::ETAG));
}

#[tokio::test]
async fn addresses_of_the_app_get_its_page() {
    let page = get("/", &[]).await.body;

    for path in [
        "/contacts",
        "/contacts/0190-1?tab=orders",
        "/segments/map",
        "/a.b/c.d",
    ] {
        assert_eq!(get(path, &[BROWSER]).await.body, page, "{path}");
    }
    assert_eq!(get("/contacts", &[]).await.body, page);
}

#[tokio::test]
async fn missing_files_and_the_api_are_not_the_apps() {
    for path in [
        "/api/v1/nothing",
        "/api",
        "/assets/gone-1a2b.js",
        "/assets/",
    ] {
        assert_eq!(
            get(path, &[BROWSER]).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let script = get("/favicon.js", &[(header::ACCEPT, "*/*")]).await;
    assert_eq!(script.status, StatusCode::NOT_FOUND);
    let picture = get("/logo", &[(header::ACCEPT, "image/png")]).await;
    assert_eq!(picture.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_path_leads_out_of_the_app() {
    for path in [
        "/../Cargo.toml",
        "/assets/../../Cargo.toml",
        "/..%2f..%2fetc/passwd",
        "//etc/passwd",
    ] {
        let answer = get(path, &[(header::ACCEPT, "text/plain")]).await;

        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let answer = ask(Method::POST, "/", &[]).await;

    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header(header::ALLOW), "GET, HEAD");
}

#[tokio::test]
async fn every_file_is_served_the_same_plain_and_compressed() {
    for name in assets::names() {
        let path = format!("/{name}");
        let plain = get(&path, &[]).await;
        let packed = get(&path, &[(header::ACCEPT_ENCODING, "br;q=1, gzip;q=0.8")]).await;

        assert_eq!(plain.status, StatusCode::OK, "{name}");
        assert_eq!(plain.header(header::CONTENT_ENCODING), "");
        if name.starts_with("assets/") {
            assert!(
                plain.header(header::CACHE_CONTROL).contains("immutable"),
                "{name}"
            );
        }
        if packed.header(header::CONTENT_ENCODING) == "gzip" {
            let mut unpacked = Vec::new();
            GzDecoder::new(packed.body.as_slice())
                .read_to_end(&mut unpacked)
                .unwrap();
            assert_eq!(unpacked, plain.body, "{name}");
            assert_ne!(packed.header(header::ETAG), plain.header(header::ETAG));
            assert_eq!(plain.header(header::VARY), "accept-encoding");
        } else {
            assert_eq!(packed.body, plain.body, "{name}");
        }
    }
}

#[test]
fn gzip_is_sent_only_to_those_who_take_it() {
    let check = |value: &str, expected: bool| {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
        assert_eq!(conditions::accepts_gzip(&headers), expected, "{value}");
    };

    check("gzip, deflate, br", true);
    check("br", false);
    check("gzip;q=0", false);
    check("*", true);
    check("*;q=1, gzip;q=0", false);
    check("identity", false);
    assert!(!conditions::accepts_gzip(&HeaderMap::new()));
}

#[test]
fn media_types_follow_the_ending() {
    assert_eq!(
        media_type::of("assets/index-1a2b.js"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(media_type::of("assets/inter.woff2"), "font/woff2");
    assert_eq!(media_type::of("LICENSE"), "application/octet-stream");
}
