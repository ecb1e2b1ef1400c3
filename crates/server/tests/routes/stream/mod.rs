use std::time::Duration;

use axum::body::BodyDataStream;
use axum::http::Method;
use futures::StreamExt;
use rapport_pipelines::Change;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::access::policy;
use crate::app::{Client, ORDERS_CSV, TestApp, id};

const PATH: &str = "/api/v1/stream";

/// An open stream of events.
struct Events(BodyDataStream);

impl Events {
    async fn open(client: &Client) -> Self {
        let response = client.open(PATH).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut events = Self(response.into_body().into_data_stream());
        assert_eq!(events.next().await, Some(reset()), "every stream begins so");
        events
    }

    /// The next event's name and object; none where the stream ends.
    async fn next(&mut self) -> Option<(String, Value)> {
        let bytes = timeout(Duration::from_secs(5), self.0.next())
            .await
            .expect("in time")?;
        let text = String::from_utf8(bytes.unwrap().to_vec()).unwrap();
        let line = |prefix: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(prefix))
                .unwrap()
        };
        Some((
            line("event: ").to_owned(),
            serde_json::from_str(line("data: ")).unwrap(),
        ))
    }
}

/// What tells a browser that it may have missed changes.
fn reset() -> (String, Value) {
    ("reset".to_owned(), json!({}))
}

#[tokio::test]
async fn a_stream_begins_with_what_is_under_way_and_follows_it() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = client
        .upload("Shop", "orders.csv", ORDERS_CSV.as_bytes())
        .await
        .json(201);
    let path = format!("/api/v1/imports/{}", id(&import));
    let accepted = client
        .post(&format!("{path}/run"), &json!({}))
        .await
        .json(202);

    let mut events = Events::open(&client).await;

    assert_eq!(
        events.next().await.unwrap(),
        ("job".to_owned(), accepted["job"].clone())
    );
    let (name, begun) = events.next().await.unwrap();
    assert_eq!(
        (name.as_str(), &begun["status"]),
        ("import", &json!("queued"))
    );
    client
        .post(&format!("{path}/cancel"), &json!({}))
        .await
        .expect_status(200);
    let (name, job) = events.next().await.unwrap();
    assert_eq!(
        (name.as_str(), &job["status"]),
        ("job", &json!("cancelled"))
    );
    let (name, cancelled) = events.next().await.unwrap();
    assert_eq!(
        (name.as_str(), &cancelled["status"]),
        ("import", &json!("cancelled"))
    );
    assert_eq!(cancelled, client.get(&path).await.json(200));
}

#[tokio::test]
async fn a_stream_ends_at_shutdown() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let mut events = Events::open(&client).await;

    app.shutdown.cancel();

    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_change_of_something_that_is_gone_is_passed_over() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let mut events = Events::open(&client).await;

    let gone = app.workspace.ids.next(app.now());
    app.workspace.changes.announce(Change::Segmentation(gone));
    app.shutdown.cancel();

    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_stream_is_for_who_is_signed_in() {
    let app = TestApp::start().await;

    app.anonymous()
        .get(PATH)
        .await
        .problem(401, "not_signed_in");
}

#[tokio::test]
async fn a_browser_that_was_too_slow_is_told_that_it_missed_changes() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let mut events = Events::open(&client).await;

    let gone = app.workspace.ids.next(app.now());
    for _ in 0..10_000 {
        app.workspace.changes.announce(Change::Segmentation(gone));
    }

    assert_eq!(events.next().await, Some(reset()));
}

#[tokio::test]
async fn a_session_has_eight_streams_at_most() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(Events::open(&client).await);
    }

    client.get(PATH).await.problem(429, "too_many_streams");
    open.pop();

    Events::open(&client).await;
}

#[tokio::test]
async fn a_stream_ends_when_what_its_user_may_see_is_changed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let all = policy("all", "all", "all", &[]);
    let role = admin.role("Reader", &all).await;
    let (ada, _) = app.colleague(&admin, "ada", &role).await;
    let path = format!("/api/v1/roles/{role}");
    let write = async |version: i64, name: &str, policy: &Value| {
        let body = json!({ "name": name, "policy": policy });
        let written = admin.send_json(Method::PUT, &path, Some(version), &body);
        written.await.expect_status(200);
    };
    let mut events = Events::open(&ada).await;

    // Another name lets see the same.
    write(1, "Looker", &all).await;
    app.import_orders(&admin).await;
    assert!(events.next().await.is_some());
    let mut narrow = all.clone();
    narrow["fields"] = json!({ "contact": { "phone": "hidden" } });
    write(2, "Looker", &narrow).await;

    while let Some((name, _)) = events.next().await {
        // What happened before is still told.
        assert_ne!(name, "reset");
    }
}
