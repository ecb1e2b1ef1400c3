use serde_json::json;

use crate::app::TestApp;

const PATH: &str = "/api/v1/settings";

#[tokio::test]
async fn an_administrator_changes_what_all_see() {
    let app = TestApp::start().await;
    let admin = app.admin().await;

    let body = json!({ "workspace_name": "Lamps", "default_currency": "gbp" });
    admin.patch(PATH, &body).await.expect_status(200);

    let seen = app.viewer().await.get(PATH).await.json(200);
    let expected = json!({
        "workspace_name": "Lamps",
        "default_currency": "GBP",
        "default_region": "DE",
        "attaches_companies": false,
    });
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn all_bad_values_are_told_at_once_and_nothing_is_changed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let before = admin.get(PATH).await.json(200);

    let body = json!({ "workspace_name": "", "default_currency": "EURO", "default_region": "X" });
    let answer = admin.patch(PATH, &body).await;

    let pointers = answer.pointers(422, "invalid");
    assert_eq!(
        pointers,
        ["/workspace_name", "/default_currency", "/default_region"]
    );
    assert_eq!(admin.get(PATH).await.json(200), before);
}

#[tokio::test]
async fn a_member_may_not() {
    let app = TestApp::start().await;

    app.member()
        .await
        .patch(PATH, &json!({}))
        .await
        .problem(403, "not_allowed");
}
