use serde_json::json;

use crate::app::{ORDERS_CSV, TestApp, id};

#[tokio::test]
async fn a_job_is_listed_and_shown() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = app.import_orders(&client).await;

    let list = client
        .get("/api/v1/jobs?filter=kind:eq:import")
        .await
        .json(200);

    let job = &list["jobs"][0];
    assert_eq!(job["id"], import["job_id"]);
    assert_eq!(
        (&job["status"], &job["attempts"]),
        (&json!("done"), &json!(1))
    );
    let shown = client
        .get(&format!("/api/v1/jobs/{}", id(job)))
        .await
        .json(200);
    assert_eq!(&shown, job);
}

#[tokio::test]
async fn cancelling_the_job_of_an_import_that_waits_cancels_the_import() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let import = client
        .upload("Shop", "orders.csv", ORDERS_CSV.as_bytes())
        .await
        .json(201);
    let path = format!("/api/v1/imports/{}", id(&import));
    let accepted = client
        .post(&format!("{path}/run"), &json!({}))
        .await
        .json(202);

    let job_path = format!("/api/v1/jobs/{}/cancel", id(&accepted["job"]));
    let cancelled = client.post(&job_path, &json!({})).await.json(202);

    assert_eq!(cancelled["job"]["status"], "cancelled");
    assert_eq!(client.get(&path).await.json(200)["status"], "cancelled");
}

#[tokio::test]
async fn a_job_that_does_not_exist_cannot_be_cancelled() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let path = "/api/v1/jobs/0198c0de-0000-7000-8000-000000000001/cancel";

    client
        .post(path, &json!({}))
        .await
        .problem(404, "not_found");
}
