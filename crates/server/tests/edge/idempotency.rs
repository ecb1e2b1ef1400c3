use axum::body::Body;
use axum::http::{Method, header};
use rapport_store::idempotency::{self, Claim, Found};
use serde_json::{Value, json};

use crate::app::{Client, TestApp, id};

const CONTACTS: &str = "/api/v1/contacts";

async fn n_contacts(client: &Client) -> usize {
    let list = client.get(CONTACTS).await.json(200);
    list["contacts"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_request_that_is_sent_twice_is_done_once() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Ann" });

    let first = client.post_once(CONTACTS, "k1", &body).await;
    let second = client.post_once(CONTACTS, "k1", &body).await;

    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    for name in ["location", "etag", "content-type"] {
        assert_eq!(first.header(name), second.header(name), "{name}");
        assert!(first.header(name).is_some(), "{name}");
    }
    assert_eq!(first.json(201), second.json(201));
    assert_eq!(n_contacts(&client).await, 1);
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_caller() {
    let app = TestApp::start().await;
    let (member, admin) = (app.member().await, app.admin().await);
    let body = json!({ "name": "Ann" });
    let ann = member.post_once(CONTACTS, "k1", &body).await.json(201);

    let other_body = member
        .post_once(CONTACTS, "k1", &json!({ "name": "Bob" }))
        .await;
    let other_route = member.post_once("/api/v1/companies", "k1", &body).await;
    let other_user = admin.post_once(CONTACTS, "k1", &body).await;

    other_body.problem(422, "idempotency_key_reused");
    other_route.problem(422, "idempotency_key_reused");
    assert_ne!(id(&other_user.json(201)), id(&ann));
}

#[tokio::test]
async fn a_refusal_is_kept_too_but_not_one_of_who_asks() {
    let app = TestApp::start().await;
    let (member, viewer) = (app.member().await, app.viewer().await);
    let empty = json!({ "name": "" });
    let first = member.post_once(CONTACTS, "k1", &empty).await;
    let second = member.post_once(CONTACTS, "k1", &empty).await;
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(
        first.problem(422, "invalid"),
        second.problem(422, "invalid")
    );

    for _ in 0..2 {
        let answer = viewer
            .post_once(CONTACTS, "k1", &json!({ "name": "Ann" }))
            .await;
        assert_eq!(answer.header("idempotency-replayed"), None);
        answer.problem(403, "not_allowed");
    }
    let stranger = app.anonymous().post_once(CONTACTS, "k1", &empty).await;
    stranger.problem(401, "not_signed_in");
}

#[tokio::test]
async fn answers_are_kept_for_a_day() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Ann" });
    client
        .post_once(CONTACTS, "k1", &body)
        .await
        .expect_status(201);

    app.advance_seconds(24 * 3600 - 1);
    client
        .post_once(CONTACTS, "k1", &body)
        .await
        .expect_status(201);
    assert_eq!(n_contacts(&client).await, 1);

    app.advance_seconds(1);
    client
        .post_once(CONTACTS, "k1", &body)
        .await
        .expect_status(201);
    assert_eq!(n_contacts(&client).await, 2);
}

/// The claim of `POST /contacts` by the member, as the server makes it.
async fn claim(app: &TestApp, client: &Client, key: &str, body: &Value) -> Found {
    let session = client.get("/api/v1/session").await.json(200);
    let user = id(&session["user"]);
    let claim = Claim::new(
        &format!("user:{user}"),
        user.parse().unwrap(),
        key,
        format!("POST {CONTACTS}"),
        body.to_string().as_bytes(),
    );
    idempotency::claim(&app.workspace.store, claim, app.now(), app.now())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_request_in_flight_is_not_begun_again_until_it_must_be_dead() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Ann" });
    // What a server leaves that dies at work, a minute after its last sign of life.
    let dead = claim(&app, &client, "k1", &body).await;
    let Found::Nothing(held) = dead else {
        panic!("{dead:?}");
    };
    app.advance_seconds(50);
    idempotency::stay_alive(&app.workspace.store, &held, app.now())
        .await
        .unwrap();

    app.advance_seconds(59);
    let early = client.post_once(CONTACTS, "k1", &body).await;
    assert_eq!(early.header("retry-after"), Some("1"));
    early.problem(409, "request_in_flight");
    let other = client
        .post_once(CONTACTS, "k1", &json!({ "name": "Bob" }))
        .await;
    other.problem(422, "idempotency_key_reused");

    app.advance_seconds(1);
    client
        .post_once(CONTACTS, "k1", &body)
        .await
        .expect_status(201);
    // The dead one, were it to wake, ends nothing of its successor.
    idempotency::give_up(&app.workspace.store, held)
        .await
        .unwrap();
    client
        .post_once(CONTACTS, "k1", &body)
        .await
        .expect_status(201);
    assert_eq!(n_contacts(&client).await, 1);
}

#[tokio::test]
async fn many_at_once_make_one() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Ann" });

    let answers =
        futures::future::join_all((0..8).map(|_| client.post_once(CONTACTS, "k1", &body))).await;

    for answer in answers {
        match answer.status.as_u16() {
            201 => {}
            409 => drop(answer.problem(409, "request_in_flight")),
            other => panic!("{other}: {}", answer.text()),
        }
    }
    assert_eq!(n_contacts(&client).await, 1);
}

#[tokio::test]
async fn a_secret_is_told_once_and_kept_nowhere() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Sync", "scopes": ["contacts:read"] });

    client
        .post_once("/api/v1/api_keys", "k1", &body)
        .await
        .expect_status(201);
    let again = client.post_once("/api/v1/api_keys", "k1", &body).await;

    again.problem(409, "answer_not_kept");
    let list = client.get("/api/v1/api_keys").await.json(200);
    assert_eq!(list["api_keys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_no_key_is_refused_and_so_is_a_key_of_an_upload() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Ann" });

    for key in ["", " ", &"k".repeat(256)] {
        let answer = client.post_once(CONTACTS, key, &body).await;
        answer.problem(400, "bad_idempotency_key");
    }
    let request = client
        .request(Method::POST, "/api/v1/imports")
        .header("idempotency-key", "k1")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=X")
        .body(Body::from("--X--\r\n"))
        .unwrap();
    client
        .send(request)
        .await
        .problem(400, "idempotency_not_supported");
    assert_eq!(n_contacts(&client).await, 0);
}

#[tokio::test]
async fn old_answers_are_forgotten() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "name": "Ann" });
    client
        .post_once(CONTACTS, "k1", &body)
        .await
        .expect_status(201);
    let store = &app.workspace.store;

    let look = async || claim(&app, &client, "k1", &body).await;
    idempotency::forget(store, app.now()).await.unwrap();
    assert!(matches!(look().await, Found::Answered(_)));
    idempotency::forget(store, app.now().plus_seconds(24 * 3600))
        .await
        .unwrap();
    assert!(matches!(look().await, Found::Nothing(_)));
}
