mod keeping;
mod receiver;
mod ruled;
mod telling;
mod trouble;

use std::time::Duration;

use rapport_server::{AppState, ServerConfig, run_webhooks};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::app::{Client, TestApp};
use receiver::Receiver;

const PATH: &str = "/api/v1/webhooks";

/// A server that may call this machine and does not wait long for an answer.
fn config() -> ServerConfig {
    ServerConfig {
        webhook_networks: vec!["127.0.0.0/8".parse().unwrap()],
        webhook_timeout: Duration::from_millis(700),
        ..ServerConfig::default()
    }
}

/// A server with an administrator and a receiver, of which nothing is told before [`Stage::send`].
struct Stage {
    app: TestApp,
    admin: Client,
    receiver: Receiver,
}

impl Stage {
    async fn set() -> Self {
        let app = TestApp::with_config(config()).await;
        let admin = app.admin().await;
        let receiver = Receiver::listen().await;
        Self {
            app,
            admin,
            receiver,
        }
    }

    /// Begins to tell webhooks what changes.
    fn send(&self) -> JoinHandle<()> {
        let workspace = self.app.workspace.clone();
        let state = AppState::new(workspace, config(), self.app.shutdown.clone());
        tokio::spawn(run_webhooks(state))
    }

    /// Makes a webhook to the receiver that asks for these types.
    async fn webhook(&self, types: &[&str]) -> Value {
        self.webhook_of(&self.admin, types).await
    }

    async fn webhook_of(&self, owner: &Client, types: &[&str]) -> Value {
        let body = json!({ "url": self.receiver.url("/hook"), "types": types });
        owner.post(PATH, &body).await.json(201)
    }

    /// The log of a webhook, the latest delivery first.
    async fn log(&self, webhook: &Value) -> Vec<Value> {
        let path = format!("{PATH}/{}/deliveries", id_of(webhook));
        let list = self.admin.get(&path).await.json(200);
        list["deliveries"].as_array().unwrap().clone()
    }

    /// Waits until all deliveries of a webhook's log have one of these states; the log.
    async fn settled(&self, webhook: &Value, n: usize, status: &str) -> Vec<Value> {
        for _ in 0..100 {
            let log = self.log(webhook).await;
            if log.iter().filter(|it| it["status"] == status).count() >= n {
                return log;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{n} {status}: {:?}", self.log(webhook).await);
    }
}

/// The id of a webhook as its making has answered.
fn id_of(made: &Value) -> &str {
    made["webhook"]["id"].as_str().unwrap()
}
