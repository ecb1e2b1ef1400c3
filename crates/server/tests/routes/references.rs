use serde_json::{Value, json};

use crate::app::{TestApp, id};
use crate::routes::pipelines::sales;

const UNKNOWN: &str = "0198c0de-0000-7000-8000-000000000001";

#[tokio::test]
async fn a_record_that_names_an_unknown_one_is_refused_with_the_field() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let pipeline = sales(&client).await;
    let deal = json!({ "name": "Lamps", "pipeline_id": id(&pipeline), "stage_id": id(&pipeline["stages"][0]) });
    let records = [
        (
            "contacts",
            json!({ "name": "Ann" }),
            vec!["owner_id", "company_id"],
        ),
        ("companies", json!({ "name": "Acme" }), vec!["owner_id"]),
        ("deals", deal, vec!["owner_id", "contact_id", "company_id"]),
        (
            "tickets",
            json!({ "subject": "Broken" }),
            vec!["owner_id", "contact_id"],
        ),
        ("tasks", json!({ "title": "Call" }), vec!["owner_id"]),
    ];

    for (collection, body, fields) in records {
        let path = format!("/api/v1/{collection}");
        let made = client.post(&path, &body).await.json(201);
        let record = format!("{path}/{}", id(&made));
        for field in fields {
            let mut new = body.clone();
            new[field] = json!(UNKNOWN);
            let pointer = format!("/{field}");
            let created = client.post(&path, &new).await;
            assert_eq!(
                created.pointers(422, "unknown_reference"),
                [pointer.as_str()]
            );
            let change = json!({ field: UNKNOWN });
            let patched = client.patch_version(&record, 1, &change).await;
            assert_eq!(
                patched.pointers(422, "unknown_reference"),
                [pointer.as_str()]
            );
        }
    }
}

#[tokio::test]
async fn a_note_and_a_task_are_about_a_record_that_exists() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let subject = |id: &str| json!({ "kind": "contact", "id": id });
    let refused = async |path: &str, body: Value| {
        let answer = client.post(path, &body).await;
        assert_eq!(answer.pointers(422, "unknown_reference"), ["/subject/id"]);
    };

    refused(
        "/api/v1/notes",
        json!({ "body": "Hi", "subject": subject(UNKNOWN) }),
    )
    .await;
    refused(
        "/api/v1/tasks",
        json!({ "title": "Call", "subject": subject(UNKNOWN) }),
    )
    .await;

    let ann = client.contact("Ann").await;
    let body = json!({ "title": "Call", "subject": subject(id(&ann)) });
    let task = client.post("/api/v1/tasks", &body).await.json(201);
    client
        .delete(&format!("/api/v1/contacts/{}", id(&ann)))
        .await
        .expect_status(204);
    let path = format!("/api/v1/tasks/{}", id(&task));
    let done = client
        .patch_version(&path, 1, &json!({ "status": "done" }))
        .await;
    done.expect_status(200);
}
