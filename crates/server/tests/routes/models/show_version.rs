use super::{PATH, registered};
use crate::app::TestApp;

#[tokio::test]
async fn a_version_shows_the_card_of_its_folder() {
    let app = TestApp::start().await;
    let client = app.viewer().await;
    let id = registered(&app, 0.8, None).await;
    let path = format!("{PATH}/versions/1");
    let without = client.get(&path).await.json(200);
    let folder = app.workspace.model_path(id);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("card.md"), "# Scores\n").unwrap();

    let version = client.get(&path).await.json(200);

    assert!(without["card"].is_null());
    assert_eq!(version["card"], "# Scores\n");
    assert_eq!(version["folder"], format!("models/{id}"));
    for unknown in ["2", "x"] {
        let path = format!("{PATH}/versions/{unknown}");
        client.get(&path).await.problem(404, "not_found");
    }
}
