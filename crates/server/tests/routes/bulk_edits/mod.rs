mod oracle;
mod refusals;
mod stops;
mod story;
mod undo;

use serde_json::{Value, json};

use crate::app::{Client, TestApp, id};

impl Client {
    /// Asks for a bulk edit of a list.
    async fn bulk(&self, list: &str, body: &Value) -> crate::app::Answer {
        self.post(&format!("/api/v1/{list}/bulk"), body).await
    }

    /// What a bulk edit of a list would do.
    async fn preview(&self, list: &str, body: &Value) -> Value {
        let path = format!("/api/v1/{list}/bulk?dry_run=true");
        self.post(&path, body).await.json(200)
    }

    /// A record as it is.
    async fn read(&self, list: &str, record: &Value) -> Value {
        self.get(&format!("/api/v1/{list}/{}", id(record)))
            .await
            .json(200)
    }
}

impl TestApp {
    /// Does a bulk edit of a list to its end.
    async fn edit(&self, client: &Client, list: &str, body: &Value) -> Value {
        let accepted = client.bulk(list, body).await.json(202);
        self.run_job(&accepted["job"]).await;
        client.read("bulk_edits", &accepted["bulk_edit"]).await
    }

    /// Takes a bulk edit back to its end.
    async fn take_back(&self, client: &Client, edit: &Value) -> Value {
        let path = format!("/api/v1/bulk_edits/{}/undo", id(edit));
        let accepted = client.post(&path, &json!({})).await.json(202);
        self.run_job(&accepted["job"]).await;
        client.read("bulk_edits", edit).await
    }
}

/// What an undo left.
async fn conflicts(client: &Client, edit: &Value) -> Vec<Value> {
    let path = format!("/api/v1/bulk_edits/{}/conflicts", id(edit));
    client.walk(&path, "conflicts", 100).await
}
