use rapport_domain::{Campaign, CampaignStatus, Channel, Currency, Money};
use rapport_store::campaigns;
use serde_json::json;

use crate::app::{TestApp, id, texts};

#[tokio::test]
async fn without_campaigns_the_list_is_empty() {
    let app = TestApp::start().await;

    let list = app.viewer().await.get("/api/v1/campaigns").await.json(200);

    let meta = json!({ "next_cursor": null, "estimate": null });
    assert_eq!(list, json!({ "campaigns": [], "meta": meta }));
}

#[tokio::test]
async fn campaigns_are_listed_by_name_and_shown() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    for name in ["Spring", "Autumn"] {
        let campaign = Campaign {
            id: app.workspace.ids.next(app.now()),
            name: name.to_owned(),
            channel: Channel::Email,
            status: CampaignStatus::Finished,
            starts_at: Some(app.now()),
            ends_at: None,
            budget: Some(Money::new(50_000, Currency::EUR)),
            created_at: app.now(),
            updated_at: app.now(),
        };
        campaigns::create(&app.workspace.store, campaign)
            .await
            .unwrap();
    }

    let rows = client
        .walk("/api/v1/campaigns?sort=name", "campaigns", 1)
        .await;

    assert_eq!(texts(&rows, "name"), ["Autumn", "Spring"]);
    assert_eq!(rows[0]["channel"], "email");
    let path = format!("/api/v1/campaigns/{}", id(&rows[0]));
    assert_eq!(client.get(&path).await.json(200), rows[0]);
}
