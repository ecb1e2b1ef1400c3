//! What every handler can reach.

use std::sync::Arc;

use axum::extract::FromRef;
use rapport_domain::Timestamp;
use rapport_pipelines::Workspace;
use rapport_store::Store;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::config::ServerConfig;
use crate::edge::{AllowedHosts, Metrics};

/// Passwords that are checked at once: each check takes some 20 MB and a core for a moment.
const SIGN_IN_SLOTS: usize = 4;

/// The workspace and the server's own things; cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    workspace: Workspace,
    config: ServerConfig,
    hosts: AllowedHosts,
    metrics: Metrics,
    shutdown: CancellationToken,
    sign_in_slots: Semaphore,
}

impl AppState {
    /// The state of a server over a workspace. `shutdown` ends its open streams.
    pub fn new(workspace: Workspace, config: ServerConfig, shutdown: CancellationToken) -> Self {
        let hosts = AllowedHosts::new(config.public_url.as_ref());
        let metrics = Metrics::new();
        Self(Arc::new(Inner {
            workspace,
            config,
            hosts,
            metrics,
            shutdown,
            sign_in_slots: Semaphore::new(SIGN_IN_SLOTS),
        }))
    }

    pub(crate) fn workspace(&self) -> &Workspace {
        &self.0.workspace
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.workspace.store
    }

    pub(crate) fn config(&self) -> &ServerConfig {
        &self.0.config
    }

    pub(crate) fn hosts(&self) -> &AllowedHosts {
        &self.0.hosts
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn shutdown(&self) -> &CancellationToken {
        &self.0.shutdown
    }

    /// Waits for a turn to check a password.
    pub(crate) async fn sign_in_slot(&self) -> SemaphorePermit<'_> {
        self.0
            .sign_in_slots
            .acquire()
            .await
            .expect("the slots are never closed")
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.workspace.clock.now()
    }

    /// A new identifier of any kind, dated now.
    pub(crate) fn new_id<T: From<Uuid>>(&self) -> T {
        self.0.workspace.ids.next(self.now())
    }
}

impl FromRef<AppState> for AllowedHosts {
    fn from_ref(app: &AppState) -> Self {
        app.hosts().clone()
    }
}
