use serde_json::json;

use crate::app::{TestApp, id};

#[tokio::test]
async fn a_company_is_renamed_and_its_contacts_show_it() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let company = client
        .post("/api/v1/companies", &json!({ "name": "Lamp" }))
        .await
        .json(201);
    let body = json!({ "name": "Ann", "company_id": id(&company) });
    let contact = client.post("/api/v1/contacts", &body).await.json(201);

    let path = format!("/api/v1/companies/{}", id(&company));
    client
        .patch_version(&path, 1, &json!({ "name": "Lamps" }))
        .await
        .expect_status(200);

    let contact = client
        .get(&format!("/api/v1/contacts/{}", id(&contact)))
        .await
        .json(200);
    assert_eq!(
        contact["company"],
        json!({ "id": id(&company), "name": "Lamps" })
    );
    let again = client
        .patch_version(&path, 1, &json!({ "name": "Lampen" }))
        .await;
    again.problem(412, "version_conflict");
}
