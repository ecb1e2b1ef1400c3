use rapport_domain::Role;
use serde_json::{Value, json};

use crate::app::{Client, PASSWORD, TestApp, id, texts};

const PATH: &str = "/api/v1/saved_views";

fn view(name: &str, is_shared: bool) -> Value {
    json!({
        "list": "contacts", "name": name, "query": "filter=city%3Aeq%3AParis&sort=-name",
        "is_shared": is_shared,
    })
}

async fn colleague(app: &TestApp) -> Client {
    app.add_user("bea@example.com", Role::Member).await;
    let mut client = app.anonymous();
    client
        .sign_in("bea@example.com", PASSWORD)
        .await
        .expect_status(200);
    client
}

async fn names(client: &Client) -> Vec<String> {
    let list = client.get(PATH).await.json(200);
    let views = list["saved_views"].as_array().unwrap();
    texts(views, "name")
        .into_iter()
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_view_is_saved_renamed_and_deleted() {
    let app = TestApp::start().await;
    let client = app.member().await;

    let saved = client.post(PATH, &view(" Paris ", false)).await.json(201);

    assert_eq!(saved["name"], "Paris");
    assert_eq!(saved["query"], "filter=city%3Aeq%3AParis&sort=-name");
    assert_eq!(saved["may_change"], true);
    let path = format!("{PATH}/{}", id(&saved));
    let patch = json!({ "name": "France", "query": "sort=name" });
    let changed = client.patch_version(&path, 1, &patch).await.json(200);
    assert_eq!(changed["name"], "France");
    assert_eq!(client.get(&path).await.json(200), changed);
    client
        .patch_version(&path, 1, &patch)
        .await
        .problem(412, "version_conflict");
    client.delete(&path).await.expect_status(204);
    assert!(names(&client).await.is_empty());
}

#[tokio::test]
async fn others_see_what_is_shared_and_nothing_else() {
    let app = TestApp::start().await;
    let (ada, bea, admin) = (app.member().await, colleague(&app).await, app.admin().await);
    let own = ada.post(PATH, &view("Mine", false)).await.json(201);
    let shared = ada.post(PATH, &view("Ours", true)).await.json(201);

    assert_eq!(names(&ada).await, ["Mine", "Ours"]);
    assert_eq!(names(&bea).await, ["Ours"]);
    let own = format!("{PATH}/{}", id(&own));
    bea.get(&own).await.problem(404, "not_found");
    bea.delete(&own).await.problem(404, "not_found");
    admin.delete(&own).await.problem(404, "not_found");
    let shared = format!("{PATH}/{}", id(&shared));
    assert_eq!(bea.get(&shared).await.json(200)["may_change"], false);
    bea.patch_version(&shared, 1, &json!({ "name": "Hers" }))
        .await
        .problem(403, "not_allowed");
    bea.delete(&shared).await.problem(403, "not_allowed");
    // Who made it may be gone one day; an administrator may keep it from everybody, and is told so.
    let patch = json!({ "is_shared": false });
    let hidden = admin.patch_version(&shared, 1, &patch).await.json(200);
    assert_eq!(
        (&hidden["is_shared"], &hidden["version"]),
        (&json!(false), &json!(2))
    );
    admin.get(&shared).await.problem(404, "not_found");
    let patch = json!({ "is_shared": true });
    ada.patch_version(&shared, 2, &patch)
        .await
        .expect_status(200);
    admin.delete(&shared).await.expect_status(204);
}

#[tokio::test]
async fn who_only_reads_keeps_views_and_shares_none() {
    let app = TestApp::start().await;
    let viewer = app.viewer().await;

    let own = viewer.post(PATH, &view("Mine", false)).await.json(201);
    viewer
        .post(PATH, &view("Ours", true))
        .await
        .problem(403, "not_allowed");
    let path = format!("{PATH}/{}", id(&own));
    viewer
        .patch_version(&path, 1, &json!({ "is_shared": true }))
        .await
        .problem(403, "not_allowed");
    viewer.delete(&path).await.expect_status(204);
}

#[tokio::test]
async fn a_view_without_a_name_or_of_no_list_is_refused() {
    let app = TestApp::start().await;
    let client = app.member().await;
    let mut long = view("All", false);
    long["query"] = json!("x".repeat(8_001));
    let mut strange = view("All", false);
    strange["list"] = json!("secrets");

    let blank = client.post(PATH, &view(" ", false)).await;
    assert_eq!(blank.pointers(422, "invalid"), ["/name"]);
    let long = client.post(PATH, &long).await;
    assert_eq!(long.pointers(422, "invalid"), ["/query"]);
    client
        .post(PATH, &strange)
        .await
        .problem(422, "wrong_shape");
}

#[tokio::test]
async fn nobody_keeps_views_without_end() {
    let app = TestApp::start().await;
    let client = app.member().await;
    for n in 0..100 {
        let body = view(&format!("View {n}"), false);
        client.post(PATH, &body).await.expect_status(201);
    }

    let refused = client.post(PATH, &view("One more", false)).await;

    let problem = refused.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["code"], "too_many_views");
}
