use serde_json::json;

use crate::app::{TestApp, id};

const PATH: &str = "/api/v1/tasks";

#[tokio::test]
async fn a_task_about_a_contact_is_done_and_dated() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let contact = client.contact("Ann").await;
    let subject = json!({ "kind": "contact", "id": id(&contact) });
    let body = json!({ "title": "Call back", "due_on": "2026-01-06", "subject": subject });
    let task = client.post(PATH, &body).await.json(201);
    assert_eq!(task["contact"]["name"], "Ann");
    assert_eq!(task["subject"], subject);

    let path = format!("{PATH}/{}", id(&task));
    let done = client
        .patch_version(&path, 1, &json!({ "status": "done" }))
        .await
        .json(200);

    assert!(done["done_at"].is_string());
    let open = client
        .get(&format!("{PATH}?filter=status:eq:open"))
        .await
        .json(200);
    assert_eq!(open["tasks"], json!([]));
    let of_contact = format!("{PATH}?filter=contact_id:eq:{}", id(&contact));
    assert_eq!(
        client.get(&of_contact).await.json(200)["tasks"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_date_that_is_none_is_pointed_at() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let answer = client
        .post(PATH, &json!({ "title": "Call", "due_on": "tomorrow" }))
        .await;

    assert_eq!(answer.pointers(422, "wrong_shape"), ["/due_on"]);
}

#[tokio::test]
async fn a_deleted_task_is_gone() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let task = client
        .post(PATH, &json!({ "title": "Call" }))
        .await
        .json(201);
    let path = format!("{PATH}/{}", id(&task));

    client.delete(&path).await.expect_status(204);

    client.get(&path).await.problem(404, "not_found");
}
