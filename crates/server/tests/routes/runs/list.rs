use super::{begun, finished};
use crate::app::{TestApp, texts};

const PATH: &str = "/api/v1/runs";

#[tokio::test]
async fn runs_are_listed_newest_first_and_by_their_headline() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    finished(&app, "Ash", 0.7).await;
    finished(&app, "Birch", 0.9).await;
    begun(&app, "Cedar", 1).await;

    let newest = client.walk(PATH, "runs", 2).await;
    let best = client
        .get(&format!("{PATH}?sort=-headline&filter=status:eq:finished"))
        .await
        .json(200);
    let found = client
        .get(&format!("{PATH}?search=logistic%20birch&count=estimate"))
        .await
        .json(200);

    assert_eq!(texts(&newest, "name"), ["Cedar", "Birch", "Ash"]);
    assert_eq!(best["runs"][0]["headline"]["value"], 0.9);
    assert_eq!(best["runs"][0]["seconds"], 12.0);
    assert_eq!(found["meta"]["estimate"], 1);
    let loss = &found["runs"][0]["metrics"][0];
    assert_eq!((&loss["name"], &loss["step"]), (&"loss".into(), &2.into()));
}

#[tokio::test]
async fn an_unknown_field_is_answered_with_the_known_ones() {
    let app = TestApp::start().await;
    let client = app.viewer().await;

    let refused = client.get(&format!("{PATH}?filter=color:eq:red")).await;

    let problem = refused.problem(400, "unknown_field");
    assert!(
        problem["detail"].as_str().unwrap().contains("headline"),
        "{problem}"
    );
}
