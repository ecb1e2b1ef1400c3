use serde_json::{Value, json};

use super::sales;
use crate::app::{TestApp, id};

fn kept(stage: &Value) -> Value {
    json!({
        "id": stage["id"], "name": stage["name"], "outcome": stage["outcome"],
        "probability": stage["probability"],
    })
}

#[tokio::test]
async fn a_pipeline_is_renamed_under_its_version() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let pipeline = sales(&client).await;
    let path = format!("/api/v1/pipelines/{}", id(&pipeline));
    let change = json!({ "name": "Renewals" });

    client
        .patch(&path, &change)
        .await
        .problem(428, "version_missing");
    let answer = client.patch_version(&path, 1, &change).await;
    assert_eq!(answer.header("etag"), Some("\"2\""));
    let renamed = answer.json(200);

    assert_eq!(renamed["name"], "Renewals");
    assert_eq!(renamed["stages"], pipeline["stages"]);
    client
        .patch_version(&path, 1, &change)
        .await
        .problem(412, "version_conflict");
}

#[tokio::test]
async fn a_stage_gives_its_deals_to_another_before_it_goes() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let pipeline = sales(&client).await;
    let [offer, won, lost] = &pipeline["stages"].as_array().unwrap()[..] else {
        panic!("three stages")
    };
    let body = json!({ "name": "Lamps", "pipeline_id": id(&pipeline), "stage_id": id(offer) });
    let deal = client.post("/api/v1/deals", &body).await.json(201);
    let path = format!("/api/v1/pipelines/{}", id(&pipeline));
    let talks = json!({ "name": "Talks", "outcome": "open", "probability": 0.1 });
    let stages = json!([talks, kept(lost), kept(won)]);

    let answer = client
        .patch_version(&path, 1, &json!({ "stages": stages }))
        .await;
    assert_eq!(answer.pointers(422, "invalid"), ["/moves"]);
    let change = json!({
        "stages": stages, "moves": [{ "from": id(offer), "to": id(lost) }],
    });
    let changed = client.patch_version(&path, 1, &change).await.json(200);

    let names: Vec<_> = changed["stages"].as_array().unwrap().iter().collect();
    let names: Vec<_> = names.iter().map(|stage| &stage["name"]).collect();
    assert_eq!(names, ["Talks", "Lost", "Won"]);
    let deal = client
        .get(&format!("/api/v1/deals/{}", id(&deal)))
        .await
        .json(200);
    assert_eq!(
        (&deal["stage"]["name"], &deal["version"]),
        (&json!("Lost"), &json!(2))
    );
}

#[tokio::test]
async fn stages_that_are_not_the_pipelines_are_refused() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let (one, other) = (sales(&client).await, sales(&client).await);
    let path = format!("/api/v1/pipelines/{}", id(&one));
    let [offer, won, lost] = &one["stages"].as_array().unwrap()[..] else {
        panic!("three stages")
    };
    let foreign = &other["stages"][0];
    let check = |stages: Value| {
        let (client, path) = (&client, &path);
        async move {
            client
                .patch_version(path, 1, &json!({ "stages": stages }))
                .await
        }
    };

    let answer = check(json!([kept(foreign), kept(won), kept(lost)])).await;
    assert_eq!(answer.pointers(422, "unknown_stage"), ["/stages/0/id"]);
    let answer = check(json!([kept(offer), kept(won), kept(lost), kept(won)])).await;
    assert_eq!(answer.pointers(422, "repeated"), ["/stages/3/id"]);
    let answer = check(json!([kept(offer), kept(won)])).await;
    assert_eq!(answer.pointers(422, "invalid"), ["/stages"]);
    let answer = check(json!(null)).await;
    assert_eq!(answer.pointers(422, "invalid"), ["/stages"]);
}
