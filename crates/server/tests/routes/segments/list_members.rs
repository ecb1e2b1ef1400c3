use crate::app::{TestApp, id, texts};
use crate::routes::segmentations::published;

#[tokio::test]
async fn members_are_contacts_and_contacts_carry_their_segment() {
    let app = TestApp::start().await;
    let client = app.member().await;
    published(&app, &client).await;
    let current = client.get("/api/v1/segmentations/current").await.json(200);
    let segment = &current["segments"][1];

    let path = format!("/api/v1/segments/{}/members", id(segment));
    let rows = client.walk(&path, "contacts", 1).await;

    assert_eq!(texts(&rows, "name"), ["Bob"]);
    assert_eq!(rows[0]["segment"]["name"], segment["name"]);
    let filter = format!("/api/v1/contacts?filter=segment_id:eq:{}", id(segment));
    assert_eq!(client.walk(&filter, "contacts", 5).await, rows);
}
