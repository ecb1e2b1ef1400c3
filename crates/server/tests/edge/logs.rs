use serde_json::json;

use crate::app::{PASSWORD, TestApp, capture_log, captured_log, id};

#[tokio::test]
async fn logs_tell_route_status_and_time_but_nothing_about_people() {
    let app = TestApp::start().await;
    capture_log();
    let mut client = app.member().await;

    let body = json!({ "name": "Zelda Secretname", "email": "zelda@secret.example" });
    let contact = client.post("/api/v1/contacts", &body).await.json(201);
    let path = "/api/v1/contacts";
    client
        .get(&format!("{path}?search=Secretname"))
        .await
        .expect_status(200);
    client
        .get(&format!("{path}?filter=email:is:zelda@secret.example"))
        .await
        .expect_status(400);
    client
        .get(&format!("{path}/{}", id(&contact)))
        .await
        .expect_status(200);
    client
        .post(path, &json!({ "name": 5, "email": "Secretname" }))
        .await
        .expect_status(422);
    client
        .sign_in("zelda@secret.example", "hunter2-hunter2")
        .await
        .expect_status(401);

    let text = captured_log();
    assert!(text.contains("route=\"/api/v1/contacts/{id}\""), "{text}");
    assert!(
        text.contains("status=200") && text.contains("ms="),
        "{text}"
    );
    for secret in [
        "Secretname",
        "secret.example",
        "hunter2",
        PASSWORD,
        id(&contact),
        "member@",
    ] {
        assert!(!text.contains(secret), "{secret} is in the log:\n{text}");
    }
}
