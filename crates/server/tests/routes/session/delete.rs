use crate::app::TestApp;

#[tokio::test]
async fn signing_out_ends_the_session_and_clears_the_cookie() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let answer = client.delete("/api/v1/session").await.expect_status(204);

    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    client
        .get("/api/v1/session")
        .await
        .problem(401, "not_signed_in");
    client.delete("/api/v1/session").await.expect_status(204);
}
