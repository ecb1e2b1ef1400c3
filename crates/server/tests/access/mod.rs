//! Who may do what with which record: every route by every role, every route by what a role lets see,
//! and random workspaces against a rule written down a second time.

mod fields;
mod hidden;
mod lent;
mod matrix;
mod oracle;
mod pools;
mod random;
mod roles;
mod rows;

use serde_json::{Value, json};

use crate::app::{Client, PASSWORD, TestApp, id};

/// The kinds of records that have an owner, with the names of their lists.
pub(crate) const OWNED: [(&str, &str); 5] = [
    ("contact", "contacts"),
    ("company", "companies"),
    ("deal", "deals"),
    ("ticket", "tickets"),
    ("task", "tasks"),
];

/// A role that lets do the same with all kinds of records, and some actions besides.
pub(crate) fn policy(read: &str, write: &str, delete: &str, actions: &[&str]) -> Value {
    let grant = json!({
        "read": read, "write": write, "delete": delete, "create": write != "none", "pool": false,
    });
    let objects = OWNED.map(|(object, _)| (object.to_owned(), grant.clone()));
    let objects = Value::Object(objects.into_iter().collect());
    json!({ "objects": objects, "actions": actions, "fields": {} })
}

impl Client {
    /// Puts a role together; its id.
    pub(crate) async fn role(&self, name: &str, policy: &Value) -> String {
        let body = json!({ "name": name, "policy": policy });
        let role = self.post("/api/v1/roles", &body).await.json(201);
        id(&role).to_owned()
    }

    /// Makes a team; its id.
    pub(crate) async fn team(&self, name: &str, parent: Option<&str>) -> String {
        let body = json!({ "name": name, "parent_id": parent, "kind": "team" });
        let team = self.post("/api/v1/teams", &body).await.json(201);
        id(&team).to_owned()
    }

    /// Says who is in a team.
    pub(crate) async fn set_members(&self, team: &str, users: &[&str]) {
        let members: Vec<Value> = users.iter().map(|id| json!({ "user_id": id })).collect();
        self.put(
            &format!("/api/v1/teams/{team}/members"),
            &json!({ "members": members }),
        )
        .await
        .expect_status(200);
    }

    /// Says with whom a record is shared.
    pub(crate) async fn share(&self, object: &str, record: &str, shares: &Value) {
        let path = format!("/api/v1/records/{object}/{record}/shares");
        let body = json!({ "shares": shares });
        self.put(&path, &body).await.expect_status(200);
    }

    /// Makes a record of a kind with an owner or none, under a name of its own.
    pub(crate) async fn record(
        &self,
        object: &str,
        name: &str,
        owner: Option<&str>,
        pipeline: &Value,
    ) -> Value {
        let (path, title) = match object {
            "company" => ("companies", "name"),
            "ticket" => ("tickets", "subject"),
            "task" => ("tasks", "title"),
            "deal" => ("deals", "name"),
            _ => ("contacts", "name"),
        };
        let mut body = json!({ title: name, "owner_id": owner });
        if object == "deal" {
            body["pipeline_id"] = pipeline["id"].clone();
            body["stage_id"] = pipeline["stages"][0]["id"].clone();
        }
        self.post(&format!("/api/v1/{path}"), &body).await.json(201)
    }
}

impl TestApp {
    /// A new colleague with a role that somebody has put together, signed in, and the colleague's id.
    pub(crate) async fn colleague(
        &self,
        admin: &Client,
        name: &str,
        role: &str,
    ) -> (Client, String) {
        let email = format!("{name}@example.com");
        let user = self.add_user(&email, rapport_domain::Role::Member).await;
        let path = format!("/api/v1/users/{}", user.id);
        admin
            .patch(&path, &json!({ "role_id": role }))
            .await
            .expect_status(200);
        let mut client = self.anonymous();
        client.sign_in(&email, PASSWORD).await.expect_status(200);
        (client, user.id.to_string())
    }
}
