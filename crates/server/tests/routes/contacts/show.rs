use crate::app::{TestApp, id};

#[tokio::test]
async fn a_contact_is_shown_with_its_version() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let contact = client.contact("Ann Example").await;

    let answer = client
        .get(&format!("/api/v1/contacts/{}", id(&contact)))
        .await;

    assert!(answer.header("etag").unwrap().starts_with("\"1-"));
    assert_eq!(answer.json(200), contact);
}

#[tokio::test]
async fn an_id_that_is_none_names_nothing() {
    let app = TestApp::start().await;

    app.member()
        .await
        .get("/api/v1/contacts/ann")
        .await
        .problem(404, "not_found");
}
