use crate::app::TestApp;

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_address() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let contact = client.contact("Ann Example").await;
    client
        .get(&format!("/api/v1/contacts/{}", crate::app::id(&contact)))
        .await
        .expect_status(200);

    let page = client.get("/metrics").await.expect_status(200).text();

    let line = r#"http_requests_total{method="GET",route="/api/v1/contacts/{id}",status="200"} 1"#;
    assert!(page.contains(line), "{page}");
    assert!(
        page.contains(r#"http_request_duration_seconds_count{route="/api/v1/contacts"}"#),
        "{page}"
    );
    assert!(!page.contains(crate::app::id(&contact)), "{page}");
}

#[tokio::test]
async fn jobs_and_events_are_told() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;

    let page = client.get("/metrics").await.expect_status(200).text();

    assert!(
        page.contains(r#"rapport_jobs{status="queued"} 0"#),
        "{page}"
    );
    assert!(page.contains("rapport_lake_files "), "{page}");
    assert!(page.contains("rapport_lake_events "), "{page}");
    assert!(page.contains("rapport_inbox_events "), "{page}");
}
