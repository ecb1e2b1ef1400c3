//! A browser's part: keeps the cookie, sends the headers that the web app sends.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

/// Someone who sends requests.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    cookie: Option<String>,
    key: Option<String>,
}

impl Client {
    pub(super) fn new(router: Router) -> Self {
        Self {
            router,
            cookie: None,
            key: None,
        }
    }

    /// Signs in and keeps the cookie.
    pub(crate) async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        let answer = self.post("/api/v1/session", &body).await;
        self.keep_cookie(&answer);
        answer
    }

    /// Keeps the cookie that an answer sets.
    pub(crate) fn keep_cookie(&mut self, answer: &Answer) {
        if let Some(cookie) = answer.header("set-cookie") {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
    }

    /// A program that shows an API key and sends nothing that a browser adds.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self {
            router: self.router.clone(),
            cookie: None,
            key: Some(key.to_owned()),
        }
    }

    /// The cookie as a request sends it.
    pub(crate) fn cookie(&self) -> String {
        self.cookie.clone().expect("signed in")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::POST, path, None, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::PUT, path, None, body).await
    }

    /// A `POST` that is to be done once under a key.
    pub(crate) async fn post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key);
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// An edit without `If-Match`.
    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::PATCH, path, None, body).await
    }

    /// An edit of a version.
    pub(crate) async fn patch_version(&self, path: &str, version: i64, body: &Value) -> Answer {
        self.send_json(Method::PATCH, path, Some(version), body)
            .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(
            self.request(Method::DELETE, path)
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    /// Uploads a file as the web app does: the source before the file.
    pub(crate) async fn upload(&self, source: &str, file_name: &str, content: &[u8]) -> Answer {
        let file = format!("name=\"file\"; filename=\"{file_name}\"");
        let parts = [("name=\"source\"", source.as_bytes()), (&file, content)];
        self.upload_form(&parts).await
    }

    /// Uploads a form: each part with its names and its content.
    pub(crate) async fn upload_form(&self, parts: &[(&str, &[u8])]) -> Answer {
        const BOUNDARY: &str = "XXboundaryXX";
        let mut body = Vec::new();
        for (names, content) in parts {
            let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; {names}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let request = self
            .request(Method::POST, "/api/v1/imports")
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// A request with the headers that the web app sends; tests may add or replace some.
    pub(crate) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let is_safe = method.is_safe();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:7070");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        } else if !is_safe {
            request = request
                .header("x-rapport-csrf", "1")
                .header("sec-fetch-site", "same-origin")
                .header(header::ORIGIN, "http://localhost:7070");
        }
        request
    }

    pub(crate) async fn send_json(
        &self,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: &Value,
    ) -> Answer {
        let mut request = self
            .request(method, path)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let what = format!("{} {}", request.method(), request.uri());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            what,
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// The response as it begins, with its body still open.
    pub(crate) async fn open(&self, path: &str) -> axum::response::Response {
        let request = self.request(Method::GET, path).body(Body::empty()).unwrap();
        self.begin(request).await
    }

    /// As [`Client::open`], for any request.
    pub(crate) async fn begin(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    what: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The answer itself, if it has this status.
    #[track_caller]
    pub(crate) fn expect_status(self, status: u16) -> Self {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{}: {}",
            self.what,
            self.text()
        );
        self
    }

    /// The body of an answer of this status.
    #[track_caller]
    pub(crate) fn json(self, status: u16) -> Value {
        let answer = self.expect_status(status);
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// The problem of an answer of this status, checked to be one, with this code.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Value {
        let answer = self.expect_status(status);
        assert_eq!(
            answer.headers[header::CONTENT_TYPE],
            "application/problem+json"
        );
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["type"], format!("urn:rapport:problem:{code}"));
        assert!(
            problem["instance"]
                .as_str()
                .unwrap()
                .starts_with("urn:uuid:"),
            "{problem}"
        );
        problem
    }

    /// The pointers of a problem of this status and code.
    #[track_caller]
    pub(crate) fn pointers(self, status: u16, code: &str) -> Vec<String> {
        let problem = self.problem(status, code);
        let errors = problem["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}
