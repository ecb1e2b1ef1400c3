use rapport_store::runs;

use super::{begun, trial};
use crate::app::TestApp;

#[tokio::test]
async fn trials_are_listed_by_number_and_by_value() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let run = begun(&app, "Search", 1).await;
    let trials = vec![trial(0, 0.8), trial(1, 0.9), trial(2, 0.7)];
    runs::save_trials(&app.workspace.store, run, trials, app.now())
        .await
        .unwrap();
    let path = format!("/api/v1/runs/{run}/trials");

    let in_order = client.walk(&path, "trials", 2).await;
    let best = client.get(&format!("{path}?sort=-value")).await.json(200);

    assert_eq!(in_order.len(), 3);
    assert_eq!(
        (&in_order[2]["number"], &in_order[2]["value"]),
        (&2.into(), &0.7.into())
    );
    assert_eq!(best["trials"][0]["number"], 1);
    assert_eq!(best["trials"][0]["params"]["depth"], 3.0);
    assert_eq!(best["trials"][0]["reports"][0]["step"], 10);
}
