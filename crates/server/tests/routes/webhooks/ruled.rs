//! Webhooks of owners who do not see all fields.

use axum::http::Method;
use serde_json::{Value, json};

use super::receiver::{Call, Reaction};
use super::{PATH, Stage, id_of};
use crate::access::policy;
use crate::app::id;

fn ruled(fields: &Value) -> Value {
    let mut policy = policy("all", "all", "all", &["manage_webhooks"]);
    policy["fields"] = fields.clone();
    policy
}

#[tokio::test]
async fn what_is_hidden_is_absent_from_what_is_told() {
    let stage = Stage::set().await;
    let fields = json!({ "contact": { "email": "hidden", "custom.pin": "hidden" } });
    let field = json!({
        "object": "contact", "key": "pin", "label": { "en": "Pin", "zh": "密码" },
        "type": { "kind": "text" },
    });
    let defined = stage.admin.post("/api/v1/custom_fields", &field).await;
    defined.expect_status(201);
    let role = stage.admin.role("Herald", &ruled(&fields)).await;
    let (ada, _) = stage.app.colleague(&stage.admin, "ada", &role).await;
    stage.webhook_of(&ada, &["contact.created"]).await;
    stage.send();

    // Its name repeats what is hidden.
    let body = json!({
        "name": "qaemail@hidden.example", "email": "qaemail@hidden.example",
        "custom": { "pin": "qapin" },
    });
    let made = stage.admin.post("/api/v1/contacts", &body).await;
    let made = made.json(201);

    let calls = stage.receiver.wait_for(1).await;
    let record = calls[0].json()["data"]["record"].clone();
    let shown = ada.get(&format!("/api/v1/contacts/{}", id(&made))).await;
    assert_eq!(record, shown.json(200));
    assert!(record.get("email").is_none(), "{record}");
    assert_eq!(record["name"], "•••");
    assert_eq!(record["custom"], json!({}));
    for hidden in ["qaemail", "qapin"] {
        assert!(!calls[0].body.contains(hidden), "{}", calls[0].body);
    }
}

#[tokio::test]
async fn what_waits_is_told_by_the_rules_of_when_it_is_sent() {
    let stage = Stage::set().await;
    let role = stage.admin.role("Herald", &ruled(&json!({}))).await;
    let (ada, _) = stage.app.colleague(&stage.admin, "ada", &role).await;
    let made = stage.webhook_of(&ada, &["contact.created"]).await;
    stage.receiver.react([Reaction::Echo]);
    stage.send();
    let body = json!({ "name": "Ann", "title": "Qatitle" });
    let ann = stage.admin.post("/api/v1/contacts", &body).await.json(201);
    let calls = stage.receiver.wait_for(1).await;
    assert_eq!(calls[0].json()["data"]["record"]["title"], "Qatitle");

    let fields = json!({ "contact": { "title": "hidden" } });
    let narrower = json!({ "name": "Herald", "policy": ruled(&fields) });
    let path = format!("/api/v1/roles/{role}");
    let put = stage
        .admin
        .send_json(Method::PUT, &path, Some(1), &narrower);
    put.await.expect_status(200);
    stage.app.advance_seconds(60);

    let calls = stage.receiver.wait_for(2).await;
    let told = Call::json(&calls[1]);
    assert_eq!(told["data"]["id"], ann["id"]);
    assert_eq!(told["data"]["record"]["name"], "Ann");
    assert!(!calls[1].body.contains("Qatitle"), "{}", calls[1].body);
    assert!(told["data"]["record"].get("title").is_none(), "{told}");
    let log = stage.settled(&made, 1, "delivered").await;
    let path = format!("{PATH}/{}/deliveries/{}", id_of(&made), id(&log[0]));
    let detail = ada.get(&path).await.json(200);
    // The first answer repeats what was sent then.
    assert!(!detail.to_string().contains("Qatitle"), "{detail}");
    let whole = stage.admin.get(&path).await.json(200);
    assert!(whole.to_string().contains("Qatitle"), "{whole}");
}
