use crate::app::TestApp;

#[tokio::test]
async fn a_workspace_without_events_has_an_empty_ledger() {
    let app = TestApp::start().await;

    let ledger = app.viewer().await.get("/api/v1/ledger").await.json(200);

    assert!(ledger["days"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn days_are_asked_for_in_their_order_and_within_a_year() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let get = async |query: &str| client.get(&format!("/api/v1/ledger?{query}")).await;

    get("from=2025-01-01&until=2026-01-01").await.json(200);
    get("until=2020-01-01").await.json(200);
    for query in [
        "from=2026-01-02&until=2026-01-01",
        "from=2025-01-01&until=2026-01-02",
    ] {
        let pointers = get(query).await.pointers(400, "bad_days");
        assert_eq!(pointers, ["?from"], "{query}");
    }
    for query in ["from=yesterday", "source_id=web"] {
        get(query).await.problem(400, "bad_query");
    }
}
