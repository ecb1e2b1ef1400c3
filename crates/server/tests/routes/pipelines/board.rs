use serde_json::json;

use super::sales;
use crate::app::{TestApp, id, texts};

#[tokio::test]
async fn a_board_shows_deals_by_stage_with_their_sums() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let pipeline = sales(&client).await;
    let offer = id(&pipeline["stages"][0]);
    for (name, amount_minor) in [("Lamps", 1_000), ("Chairs", 2_000), ("Bulbs", 500)] {
        let body = json!({
            "name": name, "pipeline_id": id(&pipeline), "stage_id": offer,
            "amount": { "amount_minor": amount_minor, "currency": "EUR" },
        });
        client.post("/api/v1/deals", &body).await.expect_status(201);
        app.advance_seconds(60);
    }
    let path = format!("/api/v1/pipelines/{}/board", id(&pipeline));

    let board = client.get(&format!("{path}?limit=2")).await.json(200);

    assert_eq!(board["pipeline"], pipeline);
    let column = &board["columns"][0];
    assert_eq!(column["stage"]["id"], offer);
    assert_eq!(column["n_deals"], 3);
    let euros = |amount_minor: i64| json!([{ "amount_minor": amount_minor, "currency": "EUR" }]);
    assert_eq!(column["sums"], euros(3_500));
    assert_eq!(column["weighted"], euros(1_400));
    let deals = column["deals"].as_array().unwrap();
    assert_eq!(texts(deals, "name"), ["Bulbs", "Chairs"]);
    assert_eq!(column["median_entered_at"], deals[1]["stage_entered_at"]);
    assert_eq!(board["columns"][1]["n_deals"], 0);
    assert_eq!(board["columns"][1]["median_entered_at"], json!(null));

    let cursor = column["next_cursor"].as_str().unwrap();
    let rest =
        format!("/api/v1/deals?filter=stage_id:eq:{offer}&sort=-stage_entered_at&cursor={cursor}");
    let rest = client.get(&rest).await.json(200);
    assert_eq!(texts(rest["deals"].as_array().unwrap(), "name"), ["Lamps"]);
}

#[tokio::test]
async fn a_board_takes_a_filter_and_no_cursor() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let pipeline = sales(&client).await;
    let path = format!("/api/v1/pipelines/{}/board", id(&pipeline));

    let found = client
        .get(&format!("{path}?filter=name:contains:lamp"))
        .await;
    found.expect_status(200);
    let unknown = client.get(&format!("{path}?filter=color:eq:red")).await;
    assert_eq!(unknown.pointers(400, "unknown_field"), ["?filter"]);
    let cursor = client.get(&format!("{path}?cursor=ab")).await;
    assert_eq!(cursor.pointers(400, "unknown_parameter"), ["?cursor"]);
}
