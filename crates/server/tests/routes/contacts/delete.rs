use axum::body::Body;
use axum::http::{Method, header};

use crate::app::{TestApp, id};

#[tokio::test]
async fn a_deleted_contact_is_gone() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let path = format!("/api/v1/contacts/{}", id(&client.contact("Ann").await));

    client.delete(&path).await.expect_status(204);

    client.get(&path).await.problem(404, "not_found");
    client.delete(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_contact_that_changed_meanwhile_is_not_deleted_by_version() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let path = format!("/api/v1/contacts/{}", id(&client.contact("Ann").await));

    let request = client
        .request(Method::DELETE, &path)
        .header(header::IF_MATCH, "\"7\"");
    let answer = client.send(request.body(Body::empty()).unwrap()).await;

    answer.problem(412, "version_conflict");
}
