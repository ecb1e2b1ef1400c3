//! What every handler can reach.

use std::sync::Arc;

use axum::extract::FromRef;
use rapport_domain::{
    Access, Actor, AuditObject, Author, CUSTOM_PREFIX, CustomField, Timestamp, User,
};
use rapport_pipelines::{Change, Workspace};
use rapport_store::Store;
use rapport_store::audit::Seen;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::config::ServerConfig;
use crate::edge::{AllowedHosts, Metrics};
use crate::error::ApiResult;
use crate::events::EventSlots;
use crate::session::{Claim, KeyUses, OpenStreams, check_password};
use crate::sightings::Sightings;

/// Passwords that are hashed at once: each takes some 20 MB and a core for a moment.
const HASHING_SLOTS: usize = 4;

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
    hashing_slots: Arc<Semaphore>,
    event_slots: EventSlots,
    open_streams: OpenStreams,
    key_uses: KeyUses,
    sightings: Sightings,
}

impl AppState {
    /// The state of a server over a workspace. `shutdown` ends its open streams.
    pub fn new(
        mut workspace: Workspace,
        config: ServerConfig,
        shutdown: CancellationToken,
    ) -> Self {
        workspace.outside = config.mail_outside();
        let hosts = AllowedHosts::new(config.public_url.as_ref());
        let metrics = Metrics::new();
        Self(Arc::new(Inner {
            workspace,
            config,
            hosts,
            metrics,
            shutdown,
            hashing_slots: Arc::new(Semaphore::new(HASHING_SLOTS)),
            event_slots: EventSlots::default(),
            open_streams: OpenStreams::default(),
            key_uses: KeyUses::default(),
            sightings: Sightings::default(),
        }))
    }

    /// The records as the system sees them: for who is not a user yet, for sources and for monitors. What
    /// answers a user goes through a [`Desk`].
    pub(crate) fn system(&self) -> &Store {
        &self.0.workspace.store
    }

    /// The workspace as the system sees it; for the same callers as [`Self::system`].
    pub(crate) fn whole_workspace(&self) -> &Workspace {
        &self.0.workspace
    }

    /// The application as one user sees it, who acts now.
    pub(crate) fn desk_of(&self, access: Access, actor: Actor) -> Desk {
        let access = Arc::new(access);
        let author = Author::new(actor, self.now());
        let mut workspace = self.0.workspace.clone();
        workspace.store = workspace
            .store
            .as_seen_by(Arc::clone(&access))
            .in_name_of(author);
        Desk {
            app: self.clone(),
            workspace,
            access,
            author,
        }
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

    /// The streams of changes that browsers have open.
    pub(crate) fn open_streams(&self) -> &OpenStreams {
        &self.0.open_streams
    }

    /// When API keys were last noted to be used.
    pub(crate) fn key_uses(&self) -> &KeyUses {
        &self.0.key_uses
    }

    /// Runs work that hashes a password once it is its turn, and to its end: a thread that hashes
    /// cannot be stopped, so that a browser that hangs up must neither free the slot before the
    /// thread is done nor keep a failure from being counted.
    pub(crate) async fn hashing<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        let slot = Arc::clone(&self.0.hashing_slots).acquire_owned().await;
        let task = tokio::spawn(async move {
            let _slot = slot.expect("the slots are never closed");
            work.await
        });
        match task.await {
            Ok(outcome) => outcome,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// Who has seen which records, until it is noted.
    pub(crate) fn sightings(&self) -> &Sightings {
        &self.0.sightings
    }

    /// The places of bodies with events.
    pub(crate) fn event_slots(&self) -> &EventSlots {
        &self.0.event_slots
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.workspace.clock.now()
    }

    /// A new identifier of any kind, dated now.
    pub(crate) fn new_id<T: From<Uuid>>(&self) -> T {
        self.0.workspace.ids.next(self.now())
    }
}

/// The application as one user sees it: its records are those that the user may see. Handlers have it from
/// [`crate::session::Allowed`] and nowhere else, so that none can forget who asks.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    app: AppState,
    workspace: Workspace,
    access: Arc<Access>,
    author: Author,
}

impl Desk {
    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    pub(crate) fn store(&self) -> &Store {
        &self.workspace.store
    }

    /// What decides what the user may.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// Whether the user sees the values of a custom field.
    pub(crate) fn shows(&self, field: &CustomField) -> bool {
        let name = format!("{CUSTOM_PREFIX}{}", field.key);
        !self.access.policy.hides(field.object, &name)
    }

    /// Tells open streams that somebody may see less or more than before.
    pub(crate) fn announce_access(&self) {
        self.workspace.changes.announce(Change::Access);
    }

    pub(crate) fn config(&self) -> &ServerConfig {
        self.app.config()
    }

    pub(crate) fn shutdown(&self) -> &CancellationToken {
        self.app.shutdown()
    }

    /// As [`AppState::hashing`].
    pub(crate) async fn hashing<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        self.app.hashing(work).await
    }

    /// The user whose password a claim tells; see [`check_password`].
    pub(crate) async fn check_password(&self, claim: Claim) -> ApiResult<Option<User>> {
        check_password(&self.app, claim).await
    }

    /// The streams of changes that browsers have open.
    pub(crate) fn open_streams(&self) -> &OpenStreams {
        self.app.open_streams()
    }

    /// What works as the system and not as the user: the settling of sightings, the sending of webhooks.
    pub(crate) fn app(&self) -> &AppState {
        &self.app
    }

    /// Notes that the user has seen a record, soon and without keeping the answer waiting.
    pub(crate) fn saw(&self, object: AuditObject, id: impl Into<Uuid>) {
        let Author { actor, at, .. } = self.author;
        let id = id.into();
        self.app.sightings().add(Seen {
            actor,
            at,
            object,
            id,
        });
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.now()
    }

    pub(crate) fn new_id<T: From<Uuid>>(&self) -> T {
        self.app.new_id()
    }
}

impl FromRef<AppState> for AllowedHosts {
    fn from_ref(app: &AppState) -> Self {
        app.hosts().clone()
    }
}
