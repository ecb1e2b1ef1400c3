use serde_json::json;

use crate::app::{TestApp, id};

#[tokio::test]
async fn a_dry_run_lists_what_each_row_would_do_and_does_nothing() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let text = "Customer ID,Name,Email\n1,Ada King,ada@example.com\n1,Ada King,ada@example.com\n\
                2,Bob Ray,nobody\n";
    let import = client.upload("shop", "people.csv", text.as_bytes()).await;
    let import = import.json(201);
    let path = format!("/api/v1/imports/{}", id(&import));
    client
        .get(&format!("{path}/dry_run"))
        .await
        .problem(404, "not_found");

    let accepted = client.post(&format!("{path}/dry_run"), &json!({})).await;
    let accepted = accepted.json(202);
    app.run_job(&accepted["job"]).await;

    assert_eq!(accepted["job"]["kind"], "dry_run");
    let shown = client.get(&format!("{path}/dry_run")).await.json(200);
    let counts = ["n_created", "n_changed", "n_unchanged", "n_rejected"];
    let counts = counts.map(|name| shown[name].as_u64().unwrap());
    assert_eq!(counts, [1, 0, 1, 1], "{shown}");
    assert_eq!(
        (&shown["status"], &shown["is_whole"]),
        (&json!("done"), &json!(true))
    );
    let rows = format!("{path}/dry_run/rows");
    let page = client.get(&format!("{rows}?limit=2")).await.json(200);
    let verdicts = page["dry_run_rows"].as_array().unwrap().iter();
    let verdicts: Vec<_> = verdicts.map(|row| row["verdict"].clone()).collect();
    assert_eq!(verdicts, [json!("created"), json!("unchanged")]);
    let query = format!("{rows}?filter=verdict:eq:rejected");
    let rejected = client.get(&query).await.json(200);
    assert_eq!(
        rejected["dry_run_rows"][0]["reason"], "bad_email",
        "{rejected}"
    );
    let people = client.get("/api/v1/contacts").await.json(200);
    assert_eq!(people["contacts"], json!([]));
    let shown = client.get(&path).await.json(200);
    assert_eq!(
        (&shown["status"], &shown["counts"]["read"]),
        (&json!("ready"), &json!(0))
    );
}

#[tokio::test]
async fn who_may_not_import_starts_no_dry_run_and_reads_what_one_has_told() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let text = b"Customer ID,Name\n1,Ada King\n";
    let import = member.upload("shop", "people.csv", text).await.json(201);
    let path = format!("/api/v1/imports/{}/dry_run", id(&import));
    let accepted = member.post(&path, &json!({})).await.json(202);
    app.run_job(&accepted["job"]).await;
    let viewer = app.viewer().await;

    viewer
        .post(&path, &json!({}))
        .await
        .problem(403, "not_allowed");
    let shown = viewer.get(&path).await.json(200);
    assert_eq!(shown["n_created"], 1, "{shown}");
    let page = viewer.get(&format!("{path}/rows")).await.json(200);
    assert_eq!(page["dry_run_rows"].as_array().map(Vec::len), Some(1));
}
