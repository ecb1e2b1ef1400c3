use serde_json::json;

use crate::app::{TestApp, id, texts};

#[tokio::test]
async fn orders_notes_tickets_and_tasks_are_merged_newest_first() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;
    let page = client
        .get("/api/v1/contacts?sort=-n_orders")
        .await
        .json(200);
    let contact = id(&page["contacts"][0]).to_owned();
    let subject = json!({ "kind": "contact", "id": contact });
    let note = json!({ "body": "Likes lamps", "subject": subject });
    client.post("/api/v1/notes", &note).await.expect_status(201);
    app.advance_seconds(60);
    let ticket = json!({ "subject": "Lamp is broken", "contact_id": contact });
    client
        .post("/api/v1/tickets", &ticket)
        .await
        .expect_status(201);

    let path = format!("/api/v1/contacts/{contact}/timeline");
    let entries = client.walk(&path, "entries", 3).await;

    let kinds = texts(&entries, "kind");
    assert_eq!(kinds[..3], ["ticket", "note", "product_returned"]);
    assert_eq!(kinds.iter().filter(|kind| **kind == "order").count(), 4);
    assert_eq!(entries[1]["actor"], "Ada Example");
    assert_eq!(
        entries[2]["amount"],
        json!({ "amount_minor": -1990, "currency": "EUR" })
    );
    assert!(entries.is_sorted_by(|a, b| a["at"].as_str() >= b["at"].as_str()));
}

#[tokio::test]
async fn a_timeline_has_no_filters() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let path = format!(
        "/api/v1/contacts/{}/timeline",
        id(&client.contact("Ann").await)
    );

    let answer = client.get(&format!("{path}?sort=at")).await;

    assert_eq!(answer.pointers(400, "unknown_parameter"), ["?sort"]);
    let answer = client.get(&format!("{path}?cursor=abcd")).await;
    assert_eq!(answer.pointers(400, "bad_cursor"), ["?cursor"]);
}
