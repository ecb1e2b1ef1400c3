use serde_json::json;

use crate::app::{TestApp, id};

#[tokio::test]
async fn two_contacts_are_merged_and_parted_again() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let ada = client.contact("Ada").await;
    let bob = client.contact("Bob").await;
    let (ada, bob) = (id(&ada).to_owned(), id(&bob).to_owned());
    let path = format!("/api/v1/contacts/{ada}/merge");
    let body = json!({ "from": bob, "reason": "same phone" });

    let merged = client.post(&path, &body).await.json(200);

    client
        .get(&format!("/api/v1/contacts/{bob}"))
        .await
        .problem(404, "not_found");
    let log = format!("/api/v1/contacts/{ada}/identity_operations");
    let log = client.get(&log).await.json(200);
    let operation = &log["identity_operations"][0];
    assert_eq!(operation["kind"], "merge");
    assert_eq!(operation["reason"], "same phone");
    assert_eq!(operation["other_name"], "Bob");
    assert_eq!(operation["id"], merged["operation"]);
    client
        .post(&path, &body)
        .await
        .problem(409, "contact_merged");

    let undo = format!("/api/v1/identity_operations/{}/undo", merged["operation"]);
    let undone = client
        .post(&undo, &json!({ "keep_apart": true }))
        .await
        .json(200);

    assert_eq!(undone["contact"]["id"], json!(bob));
    client.post(&path, &body).await.problem(409, "kept_apart");
    client
        .post(&undo, &json!({}))
        .await
        .problem(409, "merge_not_in_force");
}
