use serde_json::json;

use crate::app::{TestApp, id};

#[tokio::test]
async fn a_profile_tells_sources_and_months_of_an_imported_customer() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;
    let page = client
        .get("/api/v1/contacts?sort=-n_orders")
        .await
        .json(200);
    let best = &page["contacts"][0];

    let profile = client
        .get(&format!("/api/v1/contacts/{}/profile", id(best)))
        .await
        .json(200);

    assert_eq!(&profile["contact"], best);
    assert_eq!(profile["segment"], json!(null));
    let identity = &profile["identities"][0];
    assert_eq!(identity["profile_key"], "17850");
    assert_eq!(identity["source"]["name"], "Shop");
    assert_eq!(identity["n_records"], 6);
    let months = profile["monthly"].as_array().unwrap();
    assert_eq!(months[0]["month"], "2025-10");
    assert_eq!(months[0]["n_orders"], 4);
    assert_eq!(months[0]["amount_minor"], 3980 + 1000 + 1990 + 2500 + 1990);
}

#[tokio::test]
async fn a_contact_made_by_hand_has_a_bare_profile() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let contact = client.contact("Ann").await;

    let profile = client
        .get(&format!("/api/v1/contacts/{}/profile", id(&contact)))
        .await
        .json(200);

    for list in ["features", "scores", "identities", "consents", "monthly"] {
        assert_eq!(profile[list], json!([]), "{list}");
    }
}
