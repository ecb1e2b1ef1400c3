use serde_json::json;

use crate::app::{TestApp, id, texts};
use crate::routes::pipelines::sales;

#[tokio::test]
async fn many_are_previewed_changed_and_taken_back() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let me = client.get("/api/v1/session").await.json(200)["user"]["id"].clone();
    for name in ["Ada", "Bob", "Eve"] {
        client.contact(name).await;
    }
    let body = json!({ "name": "Joe", "owner_id": me });
    let joe = client.post("/api/v1/contacts", &body).await.json(201);
    let body = json!({ "filter": ["name:ne:Eve"], "set": { "owner_id": me }, "expect": 3 });

    let preview = client.preview("contacts", &body).await;
    assert_eq!(
        preview,
        json!({
            "n_rows": 3, "n_looked_at": 3, "n_changed": 2, "n_unchanged": 1,
            "n_refused": 0, "refused": {},
        })
    );
    let mine = "/api/v1/contacts?sort=name&filter=owner_id:not_null";
    let untouched = client.get(mine).await.json(200);
    assert_eq!(untouched["contacts"].as_array().unwrap().len(), 1);

    let edit = app.edit(&client, "contacts", &body).await;
    assert_eq!(edit["status"], "done", "{edit}");
    assert_eq!(
        (&edit["n_changed"], &edit["n_unchanged"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(edit["request"]["set"], json!({ "owner_id": me }));
    let owned = client.get(mine).await.json(200);
    let owned = owned["contacts"].as_array().unwrap();
    assert_eq!(texts(owned, "name"), ["Ada", "Bob", "Joe"]);
    assert_eq!(owned[0]["version"], 2);
    assert_eq!(client.read("contacts", &joe).await["version"], 1);

    let undone = app.take_back(&client, &edit).await;
    assert_eq!(undone["status"], "undone");
    let left = client.get(mine).await.json(200);
    assert_eq!(texts(left["contacts"].as_array().unwrap(), "name"), ["Joe"]);
    assert_eq!(
        super::conflicts(&client, &edit).await,
        Vec::<serde_json::Value>::new()
    );
    let again = format!("/api/v1/bulk_edits/{}/undo", id(&edit));
    client
        .post(&again, &json!({}))
        .await
        .problem(409, "wrong_state");
    let listed = client.get("/api/v1/bulk_edits").await.json(200);
    assert_eq!(listed["bulk_edits"][0]["id"], edit["id"]);
}

#[tokio::test]
async fn a_search_finds_what_a_bulk_edit_wrote() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let field = json!({
        "object": "contact", "key": "motto", "label": { "en": "Motto", "zh": "座右铭" },
        "type": { "kind": "text" }, "is_searchable": true,
    });
    client
        .post("/api/v1/custom_fields", &field)
        .await
        .expect_status(201);
    client.contact("Ada").await;
    let set = json!({ "title": "Countess", "custom": { "motto": "per aspera" } });

    let edit = app
        .edit(&client, "contacts", &json!({ "filter": [], "set": set }))
        .await;

    for word in ["aspera", "ada"] {
        let found = client
            .get(&format!("/api/v1/contacts?search={word}"))
            .await
            .json(200);
        assert_eq!(found["contacts"].as_array().unwrap().len(), 1, "{word}");
    }
    app.take_back(&client, &edit).await;
    let gone = client.get("/api/v1/contacts?search=aspera").await.json(200);
    assert_eq!(gone["contacts"], json!([]));
}

#[tokio::test]
async fn deals_move_to_a_stage_of_their_pipeline() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (one, other) = (sales(&client).await, sales(&client).await);
    let deal = async |pipeline: &serde_json::Value| {
        let body = json!({
            "name": "Lamps", "pipeline_id": pipeline["id"], "stage_id": pipeline["stages"][0]["id"],
        });
        client.post("/api/v1/deals", &body).await.json(201)
    };
    let (here, there) = (deal(&one).await, deal(&other).await);
    app.advance_seconds(60);
    let won = &one["stages"][1]["id"];

    let alone = json!({ "filter": [], "set": { "stage_id": won } });
    let edit = app.edit(&client, "deals", &alone).await;
    assert_eq!(
        (&edit["n_changed"], &edit["refused"]),
        (&json!(1), &json!({ "invalid": 1 }))
    );
    let path = format!("/api/v1/bulk_edits/{}/refused_rows", id(&edit));
    let refused = client.get(&path).await.json(200);
    assert_eq!(refused["refused_rows"][0]["record_id"], there["id"]);
    assert_eq!(refused["refused_rows"][0]["name"], "Lamps");
    let moved = client.read("deals", &here).await;
    assert_eq!(&moved["stage"]["id"], won);
    assert!(moved["stage_entered_at"].as_str() > here["stage_entered_at"].as_str());

    let both = json!({ "filter": [], "set": { "stage_id": won, "pipeline_id": one["id"] } });
    let edit = app.edit(&client, "deals", &both).await;
    assert_eq!(
        (&edit["n_changed"], &edit["n_unchanged"]),
        (&json!(1), &json!(1))
    );
    app.take_back(&client, &edit).await;
    let back = client.read("deals", &there).await;
    assert_eq!(back["pipeline_id"], other["id"]);
    assert_eq!(back["stage"]["id"], other["stages"][0]["id"]);

    let nowhere = json!({ "filter": [], "set": { "stage_id": other["stages"][0]["id"], "pipeline_id": one["id"] } });
    let refused = client.bulk("deals", &nowhere).await;
    assert_eq!(refused.pointers(422, "unknown"), ["/set/stage_id"]);
}

#[tokio::test]
async fn tickets_and_tasks_are_closed_with_their_instants() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let ticket = client
        .post("/api/v1/tickets", &json!({ "subject": "Help" }))
        .await
        .json(201);
    let task = client
        .post("/api/v1/tasks", &json!({ "title": "Call" }))
        .await
        .json(201);

    let set = json!({ "ids": [ticket["id"]], "set": { "status": "solved", "priority": "high" } });
    let solved = app.edit(&client, "tickets", &set).await;
    let set = json!({ "ids": [task["id"]], "set": { "status": "done" } });
    let done = app.edit(&client, "tasks", &set).await;

    let after = client.read("tickets", &ticket).await;
    assert_eq!(
        (&after["status"], &after["priority"]),
        (&json!("solved"), &json!("high"))
    );
    assert!(after["solved_at"].is_string());
    assert!(client.read("tasks", &task).await["done_at"].is_string());
    app.take_back(&client, &solved).await;
    app.take_back(&client, &done).await;
    let after = client.read("tickets", &ticket).await;
    assert_eq!(
        (&after["status"], &after["solved_at"]),
        (&json!("open"), &json!(null))
    );
    assert_eq!(client.read("tasks", &task).await["done_at"], json!(null));
}
