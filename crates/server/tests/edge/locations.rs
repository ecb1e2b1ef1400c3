use serde_json::{Value, json};

use crate::app::{Answer, Client, ORDERS_CSV, PASSWORD, TestApp, id};
use crate::routes::pipelines::sales;

/// Follows the address of something just made.
async fn follow(client: &Client, answer: Answer) -> Value {
    let location = answer.header("location").expect("an address").to_owned();
    let made = answer.json(201);
    let found = client.get(&location).await.json(200);
    assert_eq!(id(&found), id(&made), "{location}");
    found
}

#[tokio::test]
async fn the_address_of_everything_that_is_made_leads_to_it() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let pipeline = sales(&client).await;
    let contact = client.contact("Ann").await;
    let subject = json!({ "kind": "contact", "id": id(&contact) });
    let stage = id(&pipeline["stages"][0]);
    let label = json!({ "en": "Level", "zh": "等级" });
    let kind = json!({ "kind": "text" });
    let stages = &pipeline["stages"];
    let stage_input = |idx: usize| json!({ "name": stages[idx]["name"], "outcome": stages[idx]["outcome"], "probability": 0.5 });
    let bodies = [
        ("contacts", json!({ "name": "Bob" })),
        ("companies", json!({ "name": "Acme" })),
        (
            "deals",
            json!({ "name": "Lamps", "pipeline_id": id(&pipeline), "stage_id": stage }),
        ),
        ("tickets", json!({ "subject": "Broken" })),
        ("tasks", json!({ "title": "Call" })),
        ("notes", json!({ "body": "Called", "subject": subject })),
        (
            "pipelines",
            json!({ "name": "Other", "stages": [stage_input(0), stage_input(1), stage_input(2)] }),
        ),
        (
            "custom_fields",
            json!({ "object": "contact", "key": "level", "label": label, "type": kind }),
        ),
        (
            "users",
            json!({ "email": "new@example.com", "name": "New", "role": "viewer", "password": PASSWORD }),
        ),
    ];

    for (collection, body) in bodies {
        let path = format!("/api/v1/{collection}");
        follow(&client, client.post(&path, &body).await).await;
    }
    let upload = client.upload("Shop", "orders.csv", ORDERS_CSV.as_bytes());
    follow(&client, upload.await).await;
}
