//! A field's life: made, filled by a file, used everywhere, put away, without a restart.

use serde_json::{Value, json};

use super::PATH;
use crate::app::{TestApp, id, texts};

const FILE: &str = "Email,Name,Level,Since,Motto\n\
    ada@example.com,Ada,GOLD,2024-03-01,per aspera\n\
    bob@example.com,Bob,silver,2025-07-15,\n\
    eve@example.com,Eve,platinum,2025-01-01,carpe diem\n\
    joe@example.com,Joe,gold,,\n";

/// Where one of them is found.
const ADA: &str = "/api/v1/contacts?filter=email:eq:ada@example.com";

#[tokio::test]
async fn a_field_is_everywhere_at_once_from_its_making_to_its_end() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let level = json!({
        "object": "contact", "key": "level", "label": { "en": "Level", "zh": "等级" },
        "type": { "kind": "choice", "options": ["gold", "silver"] }, "is_indexed": true,
    });
    let since = json!({
        "object": "contact", "key": "since", "label": { "en": "Member since", "zh": "入会日期" },
        "type": { "kind": "date" },
    });
    let motto = json!({
        "object": "contact", "key": "motto", "label": { "en": "Motto", "zh": "座右铭" },
        "type": { "kind": "text" }, "is_searchable": true,
    });
    let level = client.post(PATH, &level).await.json(201);
    client.post(PATH, &since).await.expect_status(201);
    client.post(PATH, &motto).await.expect_status(201);
    let jobs = client.get("/api/v1/jobs").await.json(200);
    for job in jobs["jobs"].as_array().unwrap() {
        app.run_job(job).await;
    }

    // The file: columns called like fields feed them; the one that is not is mapped by hand.
    let import = client.upload("club", "members.csv", FILE.as_bytes()).await;
    let mut import = import.json(201);
    let columns = &mut import["mapping"]["columns"];
    assert_eq!(columns[2]["field"], "custom.level");
    assert_eq!(columns[4]["field"], "custom.motto");
    columns[3]["field"] = json!("custom.nobody");
    let path = format!("/api/v1/imports/{}/mapping", id(&import));
    let unknown = client.put(&path, &import["mapping"]).await;
    assert_eq!(unknown.pointers(422, "invalid"), ["/columns"]);
    import["mapping"]["columns"][3]["field"] = json!("custom.since");
    let import = client.put(&path, &import["mapping"]).await.json(200);
    let done = app.run_import(&client, &import).await;
    let counts = &done["counts"];
    assert_eq!(counts["rejected"], json!({ "invalid": 1 }), "{counts}");
    let path = format!("/api/v1/imports/{}/rejected_rows", id(&import));
    let rejected = client.get(&path).await.json(200);
    let row = &rejected["rejected_rows"][0];
    assert_eq!((&row["line"], &row["column"]), (&json!(4), &json!("Level")));

    // Lists, and search.
    let names = async |query: &str| -> Vec<String> {
        let path = format!("/api/v1/contacts?{query}");
        let page = client.get(&path).await.json(200);
        let rows = page["contacts"].as_array().unwrap();
        texts(rows, "name").into_iter().map(str::to_owned).collect()
    };
    let gold = "filter=custom.level:eq:gold&sort=custom.since";
    assert_eq!(names(gold).await, ["Ada", "Joe"]);
    assert_eq!(names("sort=-custom.since").await, ["Bob", "Ada", "Joe"]);
    assert_eq!(names("filter=custom.since:lt:2025-01-01").await, ["Ada"]);
    assert_eq!(names("filter=custom.since:is_null:").await, ["Joe"]);
    assert_eq!(names("search=aspera").await, ["Ada"]);
    let walked = "/api/v1/contacts?sort=custom.since";
    let walked = client.walk(walked, "contacts", 1).await;
    assert_eq!(texts(&walked, "name"), ["Ada", "Bob", "Joe"]);
    let unknown = client.get("/api/v1/contacts?filter=custom.shoe:eq:1").await;
    assert_eq!(unknown.pointers(400, "unknown_field"), ["?filter"]);

    // Values keep their type.
    let ada = client.get(ADA).await.json(200)["contacts"][0].clone();
    let path = format!("/api/v1/contacts/{}", id(&ada));
    let body = json!({ "custom": { "level": "tin", "since": "soon" } });
    let wrong = client.patch_version(&path, 1, &body).await;
    let pointers = wrong.pointers(422, "wrong_type");
    assert_eq!(pointers, ["/custom/level", "/custom/since"]);
    let motto = json!({ "custom": { "motto": "festina lente" } });
    client
        .patch_version(&path, 1, &motto)
        .await
        .expect_status(200);
    assert_eq!(names("search=festina").await, ["Ada"]);
    assert!(names("search=aspera").await.is_empty());

    // The document, for those who may read records.
    let schema = |document: &Value| document["components"]["schemas"]["ContactCustom"].clone();
    let document = client.get("/api/v1/openapi.json").await.json(200);
    let options = &schema(&document)["properties"]["level"]["enum"];
    assert_eq!(options, &json!(["gold", "silver"]));
    let document = app.anonymous().get("/api/v1/openapi.json").await.json(200);
    assert_eq!(schema(&document), Value::Null);

    // Put away: hidden, kept, and gone for good only then.
    let path = format!("{PATH}/{}", id(&level));
    client.delete(&path).await.problem(409, "wrong_state");
    let archive = json!({ "is_archived": true });
    client
        .patch_version(&path, 1, &archive)
        .await
        .expect_status(200);
    let hidden = client
        .get("/api/v1/contacts?filter=custom.level:eq:gold")
        .await;
    hidden.problem(400, "unknown_field");
    let back = json!({ "is_archived": false });
    client
        .patch_version(&path, 2, &back)
        .await
        .expect_status(200);
    assert_eq!(names(gold).await, ["Ada", "Joe"]);
    client
        .patch_version(&path, 3, &archive)
        .await
        .expect_status(200);
    client.delete(&path).await.expect_status(204);
    let ada = client.get(ADA).await.json(200)["contacts"][0].clone();
    assert_eq!(ada["custom"]["level"], Value::Null);
    assert_eq!(ada["custom"]["since"], "2024-03-01");
}
