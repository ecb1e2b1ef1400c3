use super::segmentations::published;
use crate::app::TestApp;

#[tokio::test]
async fn records_of_all_kinds_are_found() {
    let app = TestApp::start().await;
    let client = app.member().await;
    app.import_orders(&client).await;
    client.contact("Lampert Lamp").await;

    let found = client.get("/api/v1/search?q=lamp").await.json(200);

    let results = found["results"].as_array().unwrap();
    let kinds = crate::app::texts(results, "kind");
    assert!(
        kinds.contains(&"contact") && kinds.contains(&"product"),
        "{found}"
    );
    let contact = results
        .iter()
        .find(|result| result["kind"] == "contact")
        .unwrap();
    assert_eq!(
        contact["href"],
        format!("/contacts/{}", crate::app::id(contact))
    );
}

#[tokio::test]
async fn nothing_to_search_for_is_a_bad_request() {
    let app = TestApp::start().await;

    let answer = app.member().await.get("/api/v1/search").await;

    assert_eq!(answer.pointers(400, "bad_query"), ["?q"]);
}

#[tokio::test]
async fn a_segment_leads_to_its_place_on_the_map() {
    let app = TestApp::start().await;
    let client = app.member().await;
    published(&app, &client).await;

    let found = client.get("/api/v1/search?q=Regulars").await.json(200);

    let segment = &found["results"][0];
    assert_eq!(segment["kind"], "segment");
    assert_eq!(
        segment["href"],
        format!("/segments?segment={}", crate::app::id(segment))
    );
}

#[tokio::test]
async fn what_is_written_is_found_at_once_in_either_script() {
    let app = TestApp::start().await;
    let client = app.member().await;
    client.contact("李明").await;

    for q in ["lm", "LIM", "l", "%E6%9D%8E"] {
        let path = format!("/api/v1/search?q={q}");
        let found = client.get(&path).await.json(200);
        assert_eq!(found["results"][0]["title"], "李明", "{q}");
    }
    let found = client.get("/api/v1/search?q=%25").await.json(200);
    assert_eq!(found["results"].as_array().unwrap().len(), 0);
}
