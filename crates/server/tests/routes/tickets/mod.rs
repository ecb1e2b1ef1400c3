use serde_json::json;

use crate::app::{TestApp, id};

const PATH: &str = "/api/v1/tickets";

#[tokio::test]
async fn solving_a_ticket_dates_it_and_opening_it_again_forgets_that() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let ticket = client
        .post(PATH, &json!({ "subject": "Lamp is broken" }))
        .await
        .json(201);
    let path = format!("{PATH}/{}", id(&ticket));
    assert_eq!(
        (&ticket["status"], &ticket["priority"]),
        (&json!("open"), &json!("normal"))
    );

    let solved = client
        .patch_version(&path, 1, &json!({ "status": "solved" }))
        .await
        .json(200);
    assert!(solved["solved_at"].is_string());
    let again = client
        .patch_version(&path, 2, &json!({ "status": "open" }))
        .await
        .json(200);
    assert_eq!(again["solved_at"], json!(null));
}

#[tokio::test]
async fn tickets_are_filtered_by_priority_in_its_own_order() {
    let app = TestApp::start().await;
    let client = app.member().await;
    for priority in ["low", "urgent", "normal", "high"] {
        let body = json!({ "subject": priority, "priority": priority });
        client.post(PATH, &body).await.expect_status(201);
    }

    let list = client
        .get(&format!("{PATH}?filter=priority:gte:high&sort=-priority"))
        .await;

    let list = list.json(200);
    let subjects = crate::app::texts(list["tickets"].as_array().unwrap(), "subject");
    assert_eq!(subjects, ["urgent", "high"]);
}

#[tokio::test]
async fn a_ticket_needs_a_subject_and_a_known_status() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let answer = client.post(PATH, &json!({ "body": "help" })).await;
    assert_eq!(answer.pointers(422, "invalid"), ["/subject"]);
    let answer = client
        .post(PATH, &json!({ "subject": "help", "status": "lost" }))
        .await;
    assert_eq!(answer.pointers(422, "wrong_shape"), ["/status"]);
}

#[tokio::test]
async fn a_deleted_ticket_is_gone() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let body = json!({ "subject": "Lamp is broken" });
    let ticket = client.post(PATH, &body).await.json(201);
    let path = format!("{PATH}/{}", id(&ticket));

    client.delete(&path).await.expect_status(204);

    client.get(&path).await.problem(404, "not_found");
    client.delete(&path).await.problem(404, "not_found");
}
