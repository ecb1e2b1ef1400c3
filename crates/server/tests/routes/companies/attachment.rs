//! Contacts that are attached to the company of their e-mail domain.

use serde_json::{Value, json};

use crate::app::{TestApp, id};

#[tokio::test]
async fn a_new_contact_gets_the_company_of_its_domain_where_that_is_switched_on() {
    let app = TestApp::start().await;
    let (admin, member) = (app.admin().await, app.member().await);
    let acme = json!({ "name": "Acme", "domain": "acme.example" });
    let acme = member.post("/api/v1/companies", &acme).await.json(201);
    let of = |email: &str| json!({ "name": "Ada", "email": email });
    let before = member
        .post("/api/v1/contacts", &of("a@acme.example"))
        .await
        .json(201);
    let on = json!({ "attaches_companies": true });
    admin
        .patch("/api/v1/settings", &on)
        .await
        .expect_status(200);

    let after = member
        .post("/api/v1/contacts", &of("b@acme.example"))
        .await
        .json(201);

    assert_eq!(before["company"], Value::Null);
    assert_eq!(after["company"]["id"], acme["id"]);
    let profile = format!("/api/v1/contacts/{}/profile", id(&after));
    let reason = member.get(&profile).await.json(200)["company_reason"].clone();
    assert_eq!(reason["rule"], "domain");
    assert_eq!(reason["domain"], "acme.example");
    assert!(reason["attached_at"].is_string());
    let profile = format!("/api/v1/contacts/{}/profile", id(&before));
    let reason = member.get(&profile).await.json(200)["company_reason"].clone();
    assert_eq!(reason["company"]["id"], acme["id"]);
    assert_eq!(reason["attached_at"], Value::Null);
}

#[tokio::test]
async fn a_company_that_somebody_takes_away_stays_away() {
    let app = TestApp::start().await;
    let (admin, member) = (app.admin().await, app.member().await);
    let on = json!({ "attaches_companies": true });
    admin
        .patch("/api/v1/settings", &on)
        .await
        .expect_status(200);
    let acme = json!({ "name": "Acme", "domain": "acme.example" });
    member
        .post("/api/v1/companies", &acme)
        .await
        .expect_status(201);
    let ada = json!({ "name": "Ada", "email": "ada@acme.example" });
    let ada = member.post("/api/v1/contacts", &ada).await.json(201);
    assert_eq!(ada["company"]["name"], "Acme");
    let path = format!("/api/v1/contacts/{}", id(&ada));

    let none = json!({ "company_id": null });
    let version = ada["version"].as_i64().unwrap();
    let without = member.patch_version(&path, version, &none).await.json(200);
    let other = json!({ "email": "ada.king@acme.example" });
    let version = without["version"].as_i64().unwrap();
    let renamed = member.patch_version(&path, version, &other).await.json(200);

    assert_eq!(without["company"], Value::Null);
    assert_eq!(renamed["company"], Value::Null);
}
