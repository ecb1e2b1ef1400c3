use serde_json::json;

use crate::app::{TestApp, id};

#[tokio::test]
async fn an_import_that_is_taken_back_leaves_nothing() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = app.import_orders(&client).await;
    let path = format!("/api/v1/imports/{}", id(&import));
    let effects = client.get(&format!("{path}/effects")).await.json(200);

    let accepted = client
        .post(&format!("{path}/undo"), &json!({}))
        .await
        .json(202);
    app.run_job(&accepted["job"]).await;

    let made = |kind: &str| {
        let found = effects["effects"].as_array().unwrap().iter();
        let mut found = found.filter(|effect| effect["kind"] == kind);
        found.next().unwrap()["n_made"].clone()
    };
    assert_eq!((made("contacts"), made("orders")), (json!(3), json!(10)));
    assert_eq!(accepted["job"]["kind"], "undo_import");
    let undone = client.get(&path).await.json(200);
    assert_eq!(undone["status"], "undone", "{undone}");
    assert_eq!(undone["undo_job_id"], accepted["job"]["id"]);
    for list in ["contacts", "orders", "products"] {
        let left = client.get(&format!("/api/v1/{list}")).await.json(200);
        assert_eq!(left[list], json!([]));
    }
    let conflicts = client.get(&format!("{path}/conflicts")).await.json(200);
    assert_eq!(conflicts["conflicts"], json!([]));
    let again = client.post(&format!("{path}/undo"), &json!({})).await;
    again.problem(409, "wrong_state");
    let run = client.post(&format!("{path}/run"), &json!({})).await;
    run.problem(409, "wrong_state");
}

#[tokio::test]
async fn what_a_person_has_edited_is_listed() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = app.import_orders(&client).await;
    let path = format!("/api/v1/imports/{}", id(&import));
    let contacts = client.get("/api/v1/contacts").await.json(200);
    let contact = &contacts["contacts"][0];
    let note = json!({ "subject": { "kind": "contact", "id": contact["id"] }, "body": "called" });
    client.post("/api/v1/notes", &note).await.json(201);

    let accepted = client
        .post(&format!("{path}/undo"), &json!({}))
        .await
        .json(202);
    app.run_job(&accepted["job"]).await;

    let conflicts = client.get(&format!("{path}/conflicts")).await.json(200);
    let conflict = &conflicts["conflicts"][0];
    assert_eq!(conflict["kind"], "contacts", "{conflicts}");
    assert_eq!(conflict["record_id"], contact["id"]);
    assert_eq!(conflict["reason"], "in_use");
    assert_eq!(conflict["field"], json!(null));
}

#[tokio::test]
async fn an_import_that_was_not_begun_has_nothing_to_take_back() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = client
        .upload("Shop", "orders.csv", crate::app::ORDERS_CSV.as_bytes())
        .await
        .json(201);

    let path = format!("/api/v1/imports/{}/undo", id(&import));
    let answer = client.post(&path, &json!({})).await;

    answer.problem(409, "wrong_state");
}
