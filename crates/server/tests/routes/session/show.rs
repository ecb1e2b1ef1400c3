use crate::app::TestApp;

const DAY: i64 = 86_400;

#[tokio::test]
async fn nobody_is_signed_in_at_first() {
    let app = TestApp::start().await;

    app.anonymous()
        .get("/api/v1/session")
        .await
        .problem(401, "not_signed_in");
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used_and_ends_when_it_is_not() {
    let app = TestApp::start().await;
    let client = app.member().await;

    for _ in 0..4 {
        app.advance_seconds(10 * DAY);
        client.get("/api/v1/session").await.expect_status(200);
    }
    app.advance_seconds(15 * DAY);

    client
        .get("/api/v1/session")
        .await
        .problem(401, "not_signed_in");
}
