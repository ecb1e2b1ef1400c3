//! Somebody who is signed in, as a browser asks.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::http::{Answer, Connection};

/// A person who is signed in.
#[derive(Debug)]
pub(super) struct Browser {
    pub(super) connection: Connection,
    /// What shows who asks, as `name: value` lines.
    pub(super) headers: Vec<String>,
}

impl Browser {
    pub(super) fn sign_in(address: SocketAddr, email: &str, password: &str) -> Result<Self> {
        let mut connection = Connection::open(address)?;
        let csrf = "x-rapport-csrf: 1".to_owned();
        let body = json!({"email": email, "password": password}).to_string();
        let said = connection.ask(
            "POST",
            "/api/v1/session",
            std::slice::from_ref(&csrf),
            &body,
        )?;
        let cookie = said.header("set-cookie").and_then(|c| c.split(';').next());
        let cookie = cookie.with_context(|| format!("signing in was answered {}", said.status))?;
        Ok(Self {
            headers: vec![csrf, format!("cookie: {cookie}")],
            connection,
        })
    }

    pub(super) fn get(&mut self, path: &str) -> Result<Answer> {
        let path = format!("/api/v1/{path}");
        self.connection.ask("GET", &path, &self.headers, "")
    }

    pub(super) fn post(&mut self, path: &str, body: &Value) -> Result<Answer> {
        let path = format!("/api/v1/{path}");
        let body = body.to_string();
        self.connection.ask("POST", &path, &self.headers, &body)
    }

    /// What a path answers that is there to be read.
    pub(super) fn read(&mut self, path: &str) -> Result<Value> {
        let answer = self.get(path)?;
        if answer.status != 200 {
            let said = String::from_utf8_lossy(&answer.body);
            bail!("{path} was answered {}: {said}", answer.status);
        }
        serde_json::from_slice(&answer.body).with_context(|| format!("reading {path}"))
    }

    /// The ids on a page of records.
    pub(super) fn ids(&mut self, path: &str) -> Result<Vec<String>> {
        let page = self.read(path)?;
        // A page has one array, by the name of its kind.
        let records = page
            .as_object()
            .and_then(|p| p.values().find_map(Value::as_array));
        let records = records.with_context(|| format!("{path} answers no page"))?;
        let ids = records.iter().filter_map(|item| item["id"].as_str());
        let ids: Vec<String> = ids.map(str::to_owned).collect();
        if ids.is_empty() {
            bail!("{path} is empty: nothing to open");
        }
        Ok(ids)
    }
}
