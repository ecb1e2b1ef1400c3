use serde_json::json;

use super::{PATH, change, go, rivals, stages};
use crate::app::TestApp;

#[tokio::test]
async fn the_better_one_goes_through_the_shadow_to_the_top() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    rivals(&app, 0.9).await;

    go(&client, 2, "champion").await.problem(409, "wrong_stage");
    go(&client, 2, "shadow").await.json(200);
    let model = go(&client, 2, "champion").await.json(200);

    assert_eq!(stages(&model), ["retired", "champion"]);
    assert_eq!(model["roll_back_to"], 1);
    assert_eq!(model["transitions"][0]["actor"]["name"], "Ada Example");
    assert_eq!(model["transitions"][0]["reason"], "because");
}

#[tokio::test]
async fn one_that_does_not_win_is_refused_with_both_figures() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    rivals(&app, 0.79).await;
    go(&client, 2, "shadow").await.json(200);

    let refused = go(&client, 2, "champion").await;

    let problem = refused.problem(409, "promotion_refused");
    assert_eq!(problem["errors"][0]["code"], "not_better_than_champion");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("0.7900") && detail.contains("0.8000"),
        "{detail}"
    );
    let model = client.get(PATH).await.json(200);
    assert_eq!(stages(&model), ["champion", "shadow"]);
}

#[tokio::test]
async fn a_change_names_the_revision_that_it_is_based_on() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    rivals(&app, 0.9).await;
    let body = json!({ "version": 2, "to": "shadow", "reason": "because" });
    let path = format!("{PATH}/transitions");

    let blind = client.post(&path, &body).await;
    let post = axum::http::Method::POST;
    let outdated = client.send_json(post, &path, Some(0), &body).await;

    blind.problem(428, "version_missing");
    outdated.problem(412, "version_conflict");
}

#[tokio::test]
async fn a_reason_is_asked_for_and_an_unknown_version_is_not_found() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    rivals(&app, 0.9).await;

    let silent = json!({ "version": 2, "to": "shadow", "reason": " " });
    let silent = change(&client, "transitions", &silent).await;
    let unknown = go(&client, 9, "shadow").await;

    assert_eq!(silent.pointers(422, "bad_reason"), ["/reason"]);
    unknown.problem(404, "not_found");
}

#[tokio::test]
async fn a_member_trains_and_does_not_promote() {
    let app = TestApp::start().await;
    rivals(&app, 0.9).await;

    let refused = go(&app.member().await, 2, "shadow").await;

    refused.problem(403, "not_allowed");
}
