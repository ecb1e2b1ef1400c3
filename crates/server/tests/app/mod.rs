//! A server over a fresh directory, and clients that talk to it in process.

mod client;
mod log;
mod seed;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use rapport_domain::{Currency, IdGenerator, Language, Role, Timestamp, User};
use rapport_pipelines::{Clock, OpenOptions, Workspace};
use rapport_server::{AppState, ServerConfig, router};
use rapport_store::users::{self, NewUser};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub(crate) use client::{Answer, Client};
pub(crate) use log::{capture_log, captured_log};
pub(crate) use seed::{ORDERS_CSV, id, texts};

/// The password of every user of tests.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// 2026-01-05T09:00:00Z, a Monday morning: where every test begins.
const BEGIN: Timestamp = Timestamp::from_millis(1_767_603_600_000);

/// A server in process with its own directory and clock.
pub(crate) struct TestApp {
    pub(crate) workspace: Workspace,
    pub(crate) shutdown: CancellationToken,
    router: Router,
    now: Arc<AtomicI64>,
    _directory: TempDir,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with_config(ServerConfig::default()).await
    }

    pub(crate) async fn with_config(config: ServerConfig) -> Self {
        log::install();
        let directory = TempDir::new().unwrap();
        let now = Arc::new(AtomicI64::new(BEGIN.as_micros()));
        let hand = Arc::clone(&now);
        let options = OpenOptions {
            database: rapport_testing::database_of(directory.path()),
            lake: None,
            currency: Currency::EUR,
            region: "DE".to_owned(),
            memory_limit_bytes: 256 << 20,
            clock: Clock::new(move || Timestamp::from_micros(hand.load(Ordering::SeqCst))),
            ids: IdGenerator::new(7),
        };
        let workspace = Workspace::open(directory.path(), options).await.unwrap();
        let shutdown = CancellationToken::new();
        let state = AppState::new(workspace.clone(), config, shutdown.clone());
        Self {
            workspace,
            shutdown,
            router: router(state),
            now,
            _directory: directory,
        }
    }

    /// Lets time pass.
    pub(crate) fn advance_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.workspace.clock.now()
    }

    /// Someone who has not signed in.
    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// A new user of this role, signed in.
    pub(crate) async fn signed_in(&self, role: Role) -> Client {
        let email = format!("{}@example.com", format!("{role:?}").to_lowercase());
        self.add_user(&email, role).await;
        let mut client = self.anonymous();
        client.sign_in(&email, PASSWORD).await.expect_status(200);
        client
    }

    pub(crate) async fn admin(&self) -> Client {
        self.signed_in(Role::Admin).await
    }

    pub(crate) async fn member(&self) -> Client {
        self.signed_in(Role::Member).await
    }

    pub(crate) async fn viewer(&self) -> Client {
        self.signed_in(Role::Viewer).await
    }

    pub(crate) async fn add_user(&self, email: &str, role: Role) -> User {
        let new = NewUser {
            id: self.workspace.ids.next(self.now()),
            email: email.parse().unwrap(),
            name: "Ada Example".to_owned(),
            role,
            language: Language::En,
            password: PASSWORD.to_owned(),
        };
        users::create(&self.workspace.store, new, self.now())
            .await
            .unwrap()
    }
}
