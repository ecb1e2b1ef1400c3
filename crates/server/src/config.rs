//! What the server needs to be told; the binary reads it from file and environment.

use std::time::Duration;

use axum::http::Uri;
use rapport_pipelines::mailboxes::Outside;

use crate::session::Network;
use crate::webhooks::may_call;

/// Settings of the server.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Address that people type, such as `https://crm.example.com`; none means that only loopback
    /// names are answered. With https, cookies are sent over https only.
    pub public_url: Option<Uri>,
    /// Largest file that may be uploaded, in bytes.
    pub upload_limit_bytes: u64,
    /// Time until an answer must begin; uploads are exempt.
    pub request_timeout: Duration,
    /// Time that requests and the worker get to finish at shutdown.
    pub drain_timeout: Duration,
    /// Reverse proxies whose `X-Forwarded-For` is believed, besides one on this machine.
    pub trusted_proxies: Vec<Network>,
    /// What a monitor must send as `Authorization: Bearer …` to read `/metrics`; none where only
    /// this machine may read it.
    pub metrics_token: Option<String>,
    /// Connections at once; more wait until one is closed.
    pub connections_max: usize,
    /// Time that a connection has to send the header of a request, the first and each later one.
    pub header_timeout: Duration,
    /// Private networks that webhooks may reach; without any they reach the internet alone. What is on
    /// this machine may be called without encryption.
    pub webhook_networks: Vec<Network>,
    /// Private networks that mailboxes may be read in; without any they are read in the internet alone.
    pub mailbox_networks: Vec<Network>,
    /// Which certificates of mail servers and token endpoints are trusted.
    pub mailbox_trust: Outside,
    /// Time that the receiver of a webhook has to answer.
    pub webhook_timeout: Duration,
}

impl ServerConfig {
    /// What mailboxes may reach: the internet, and the networks that are named.
    pub(crate) fn mail_outside(&self) -> Outside {
        let allowed = self.mailbox_networks.clone();
        self.mailbox_trust
            .clone()
            .only(move |address| may_call(address, &allowed))
    }

    /// Whether people reach the server by https.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.as_ref().and_then(Uri::scheme_str) == Some("https")
    }
}

impl Default for ServerConfig {
    /// Loopback only, files up to 4 GiB, 30 s for an answer, 10 s to finish, 1,000 connections with
    /// 30 s for a header, webhooks to the internet with 15 s for an answer.
    fn default() -> Self {
        Self {
            public_url: None,
            upload_limit_bytes: 4 << 30,
            request_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(10),
            trusted_proxies: Vec::new(),
            metrics_token: None,
            connections_max: 1_000,
            header_timeout: Duration::from_secs(30),
            webhook_networks: Vec::new(),
            mailbox_networks: Vec::new(),
            mailbox_trust: Outside::anywhere(),
            webhook_timeout: Duration::from_secs(15),
        }
    }
}
