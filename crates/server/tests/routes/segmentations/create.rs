use serde_json::json;

use crate::app::TestApp;

const PATH: &str = "/api/v1/segmentations";

#[tokio::test]
async fn a_segmentation_is_accepted_as_a_job() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let accepted = client.post(PATH, &json!({})).await.json(202);

    assert_eq!(accepted["job"]["kind"], "segmentation");
    assert_eq!(accepted["job"]["status"], "queued");
}

#[tokio::test]
async fn one_segment_or_a_hundred_are_refused_before_any_work() {
    let app = TestApp::start().await;
    let client = app.admin().await;

    for k in [1, 100] {
        let answer = client.post(PATH, &json!({ "k": k })).await;
        assert_eq!(answer.pointers(422, "out_of_range"), ["/k"]);
    }
    let answer = client.post(PATH, &json!({ "method": "magic" })).await;
    assert_eq!(answer.pointers(422, "wrong_shape"), ["/method"]);
}

#[tokio::test]
async fn while_one_is_under_way_the_same_request_is_the_same_job_and_another_is_refused() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    let asked = json!({ "method": "kmeans", "k": 5 });
    let accepted = client.post(PATH, &asked).await.json(202);

    let again = client.post(PATH, &asked).await.json(202);
    let other = client.post(PATH, &json!({ "method": "rfm" })).await;
    let other = other.problem(409, "segmentation_under_way");

    assert_eq!(again["job"]["id"], accepted["job"]["id"]);
    let job = accepted["job"]["id"].as_str().unwrap();
    assert!(other["detail"].as_str().unwrap().contains(job), "{other}");
}

#[tokio::test]
async fn what_serves_without_beating_the_champion_is_an_administrators_choice() {
    let app = TestApp::start().await;
    let client = app.member().await;

    for asked in [json!({ "k": 3 }), json!({ "method": "rfm" })] {
        client.post(PATH, &asked).await.problem(403, "not_allowed");
    }
    let asked = json!({ "method": "rfm" });
    app.admin().await.post(PATH, &asked).await.json(202);
}
