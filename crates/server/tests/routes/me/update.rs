use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn name_language_and_theme_are_kept() {
    let app = TestApp::start().await;
    let client = app.viewer().await;

    let body = json!({ "name": " 安 ", "language": "zh", "theme": "dark" });
    client.patch("/api/v1/me", &body).await.expect_status(200);

    let user = &client.get("/api/v1/session").await.json(200)["user"];
    assert_eq!(
        (&user["name"], &user["language"], &user["theme"]),
        (&json!("安"), &json!("zh"), &json!("dark"))
    );
}

#[tokio::test]
async fn a_blank_name_and_an_unknown_theme_are_refused() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let blank = client.patch("/api/v1/me", &json!({ "name": " " })).await;
    assert_eq!(blank.pointers(422, "bad_length"), ["/name"]);
    let unknown = client
        .patch("/api/v1/me", &json!({ "theme": "pink" }))
        .await;
    assert_eq!(unknown.pointers(422, "wrong_shape"), ["/theme"]);
}
