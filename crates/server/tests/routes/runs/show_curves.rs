use serde_json::json;

use super::begun;
use crate::app::TestApp;

const PATH: &str = "/api/v1/runs/curves";

#[tokio::test]
async fn curves_of_two_runs_come_in_one_answer_and_gaps_are_null() {
    let app = TestApp::start().await;
    let short = begun(&app, "Short", 3).await;
    let long = begun(&app, "Long", 20_000).await;

    let path = format!("{PATH}?run={short},{long}&metric=loss");
    let found = app.viewer().await.get(&path).await.json(200);

    let first = &found["runs"][0];
    assert_eq!(first["name"], "Short");
    let series = &first["series"][0];
    assert_eq!(series["steps"], json!([0, 1, 2]));
    assert_eq!(series["values"], json!([1.0, null, 1.0 / 3.0]));
    let thin = &found["runs"][1]["series"][0];
    assert_eq!(thin["n_points"], 20_000);
    let (steps, values) = (&thin["steps"], &thin["values"]);
    let n_steps = steps.as_array().unwrap().len();
    assert!((500..=1_000).contains(&n_steps), "{n_steps}");
    assert_eq!(values.as_array().unwrap().len(), n_steps);
    assert_eq!(steps[n_steps - 1], 19_999);
}

#[tokio::test]
async fn a_run_without_the_curve_has_none_and_bad_numbers_are_refused() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let run = begun(&app, "Short", 3).await;

    let none = client.get(&format!("{PATH}?run={run}&metric=auc")).await;
    let refused = client.get(&format!("{PATH}?run={run}&points=1")).await;

    assert_eq!(none.json(200)["runs"][0]["series"], json!([]));
    assert_eq!(refused.pointers(400, "bad_points"), ["?points"]);
}
