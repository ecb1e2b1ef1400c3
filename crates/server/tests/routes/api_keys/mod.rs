mod acting;
mod making;

use serde_json::{Value, json};

use crate::app::{Answer, Client};

const PATH: &str = "/api/v1/api_keys";

/// Asks for a key with these scopes.
async fn ask(client: &Client, scopes: &[&str]) -> Answer {
    let body = json!({ "name": "Shop sync", "scopes": scopes });
    client.post(PATH, &body).await
}

/// Makes a key with these scopes; answers its text and what lists show of it.
async fn make(client: &Client, scopes: &[&str]) -> (String, Value) {
    let made = ask(client, scopes).await.json(201);
    let key = made["key"].as_str().unwrap().to_owned();
    (key, made["api_key"].clone())
}
