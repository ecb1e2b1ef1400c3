use crate::app::TestApp;

#[tokio::test]
async fn a_fresh_server_lives_and_is_ready() {
    let app = TestApp::start().await;
    let client = app.anonymous();

    assert_eq!(
        client.get("/healthz").await.expect_status(200).text(),
        "ok\n"
    );
    assert_eq!(
        client.get("/readyz").await.expect_status(200).text(),
        "ready\n"
    );
}

#[tokio::test]
async fn a_server_without_its_directory_is_not_ready_but_lives() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    std::fs::remove_dir_all(app.workspace.data_dir()).unwrap();

    client.get("/readyz").await.problem(503, "not_ready");
    client.get("/healthz").await.expect_status(200);
}
