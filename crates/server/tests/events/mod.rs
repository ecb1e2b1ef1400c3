//! Events as Segment's libraries send them.

mod bad;
mod browsers;
mod calls;
mod cloud_events;
mod keys;
mod sensors;
mod slow;

use axum::body::Body;
use axum::http::{Method, Request, header};
use rapport_domain::Event;
use rapport_store::events;
use serde_json::{Value, json};

use crate::app::{Answer, Client, TestApp, id};

/// A source that sends events from somewhere else: without a cookie and without our headers.
pub(super) struct Sender {
    app: TestApp,
    client: Client,
    admin: Client,
    source_id: String,
    key: String,
}

impl Sender {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let admin = app.admin().await;
        let source = admin
            .post("/api/v1/sources", &json!({ "name": "Web" }))
            .await
            .json(201);
        let path = format!("/api/v1/sources/{}/write_keys", id(&source));
        let made = admin.post(&path, &json!({})).await.json(201);
        Self {
            client: app.anonymous(),
            source_id: id(&source).to_owned(),
            key: made["key"].as_str().unwrap().to_owned(),
            app,
            admin,
        }
    }

    /// A request as a library makes it, the key as the user name.
    fn request(&self, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, "localhost:7070")
            .header(header::AUTHORIZATION, basic(&self.key))
    }

    async fn send(&self, path: &str, body: &Value) -> Answer {
        self.send_bytes(path, body.to_string().into_bytes()).await
    }

    async fn send_bytes(&self, path: &str, body: Vec<u8>) -> Answer {
        let request = self
            .request(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap();
        self.client.send(request).await
    }

    /// What is stored, in the order in which it came.
    async fn stored(&self) -> Vec<Event> {
        let store = &self.app.workspace.store;
        let inbox = events::list_inbox(store, 1_000).await.unwrap();
        inbox.into_iter().map(|row| row.event).collect()
    }

    /// The only day of the ledger.
    async fn ledger(&self) -> Value {
        let mut ledger = self.admin.get("/api/v1/ledger").await.json(200);
        let days = ledger["days"].as_array_mut().unwrap();
        assert_eq!(days.len(), 1);
        assert_eq!(days[0]["is_complete"], true, "{}", days[0]);
        days.remove(0)
    }
}

/// The header of Basic authentication with an empty password.
fn basic(key: &str) -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{key}:"));
    format!("Basic {encoded}")
}

/// A track call.
fn track(message_id: &str) -> Value {
    json!({ "type": "track", "event": "Seen", "userId": "u1", "messageId": message_id })
}
