use rapport_domain::ModelId;
use rapport_store::models::{self, Entry, NewModel};
use serde_json::json;

use super::segmentations::{published, published_by};
use crate::app::{TestApp, texts};

const PATH: &str = "/api/v1/home";

#[tokio::test]
async fn an_empty_workspace_has_an_empty_home() {
    let app = TestApp::start().await;

    let home = app.viewer().await.get(PATH).await.json(200);

    assert_eq!(home["totals"]["contacts"], 0);
    assert_eq!(
        home["totals"]["revenue"],
        json!({ "amount_minor": 0, "currency": "EUR" })
    );
    for list in [
        "revenue_by_month",
        "actions",
        "segments",
        "recent_imports",
        "jobs",
    ] {
        assert_eq!(home[list], json!([]), "{list}");
    }
}

#[tokio::test]
async fn a_home_adds_up_and_proposes_with_reasons() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;
    published(&app, &client).await;
    let ticket = json!({ "subject": "Lamp is broken", "priority": "urgent" });
    client
        .post("/api/v1/tickets", &ticket)
        .await
        .expect_status(201);

    let home = client.get(PATH).await.json(200);

    assert_eq!(home["totals"]["products"], 3);
    assert_eq!(home["totals"]["orders"], 9);
    let months = texts(home["revenue_by_month"].as_array().unwrap(), "month");
    assert_eq!(months, ["2025-10", "2025-11", "2025-12"]);
    let actions = home["actions"].as_array().unwrap();
    let kinds = texts(actions, "kind");
    assert_eq!(
        kinds,
        [
            "answer_ticket",
            "mend_import",
            "call_customer",
            "view_segments"
        ]
    );
    let late = &actions[2];
    assert_eq!(
        late["reason"]["en"],
        "Ordered every 10 days so far, silent for 51 days: about 93 EUR in orders did not come"
    );
    assert_eq!(
        late["href"],
        format!("/contacts/{}", late["contact"]["id"].as_str().unwrap())
    );
    assert_eq!(home["segments"].as_array().unwrap().len(), 2);
    assert_eq!(home["recent_imports"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn segments_that_took_in_todays_customers_are_not_called_new() {
    for (days_ago, is_new) in [(1, true), (8, false)] {
        let app = TestApp::start().await;
        let client = app.member().await;
        let model: ModelId = app.workspace.ids.next(app.now());
        let new = NewModel {
            id: model,
            kind: "segment".to_owned(),
            folder: format!("models/{model}"),
            metrics: json!({}),
            run_id: None,
            evidence: None,
            entry: Entry::ChampionIfFirstOrBetter,
        };
        let promoted_at = app.now().plus_days(-days_ago);
        models::register(&app.workspace.store, new, promoted_at)
            .await
            .unwrap();
        published_by(&app, &client, Some(model)).await;

        let home = client.get(PATH).await.json(200);

        let actions = home["actions"].as_array().unwrap();
        let news = actions
            .iter()
            .find(|action| action["kind"] == "view_segments");
        let ids = news.map(|news| news["id"].as_str().unwrap().to_owned());
        assert_eq!(ids, is_new.then(|| format!("segments-{model}")));
    }
}
