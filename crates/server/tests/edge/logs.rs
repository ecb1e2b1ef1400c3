use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::app::{PASSWORD, TestApp, id};

/// Log lines, kept in memory.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn logs_tell_route_status_and_time_but_nothing_about_people() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let app = TestApp::start().await;
    let mut client = app.member().await;

    let body = json!({ "name": "Zelda Secretname", "email": "zelda@secret.example" });
    let contact = client.post("/api/v1/contacts", &body).await.json(201);
    client
        .get("/api/v1/contacts?search=Secretname")
        .await
        .expect_status(200);
    client
        .get("/api/v1/contacts?filter=email:is:zelda@secret.example")
        .await
        .expect_status(400);
    client
        .get(&format!("/api/v1/contacts/{}", id(&contact)))
        .await
        .expect_status(200);
    client
        .post(
            "/api/v1/contacts",
            &json!({ "name": 5, "email": "Secretname" }),
        )
        .await;
    client
        .sign_in("zelda@secret.example", "hunter2-hunter2")
        .await
        .expect_status(401);

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
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
