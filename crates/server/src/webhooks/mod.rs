//! Webhooks out: changes are told to other systems, signed, in order, and once more where they were not
//! taken (decision note 0016).
//!
//! The store's triggers write the outbox; [`run`] moves it to the queues of webhooks (`dispatch`) and works
//! on those side by side (`deliver`), at most one call to each webhook at a time, over all servers of a
//! database.

mod address;
mod call;
mod deliver;
mod dispatch;
mod event;
mod schedule;

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::WebhookId;
use rapport_store::webhooks;
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval};
use uuid::Uuid;

pub(crate) use address::{may_call, read_url};
pub(crate) use deliver::{LEASE, deliver};
pub(crate) use event::{TEST, is_of_record, shown_body, test_body};

use crate::error::{ApiError, ApiResult};
use crate::state::AppState;

/// How often the outbox and the queues are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Webhooks that are called at once; others wait for their turn.
const N_TURNS: usize = 64;
/// The longest wait after failures of the records.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// How often old deliveries are forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(600);
/// Days that the log is kept.
const LOG_DAYS: i64 = 30;

/// Tells webhooks what changes until the server stops. What is under way then is noted, or sent again
/// after the next start.
pub async fn run(app: AppState) {
    let mut sender = Sender {
        id: app.new_id(),
        turns: JoinSet::new(),
        busy: HashMap::new(),
        last_turns: HashMap::new(),
        swept_at: None,
        app,
    };
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let shutdown = sender.app.shutdown().clone();
    let mut n_failures = 0_u32;
    while !shutdown.is_cancelled() {
        tokio::select! {
            () = shutdown.cancelled() => break,
            Some(ended) = sender.turns.join_next_with_id(), if !sender.turns.is_empty() => {
                sender.end_turn(ended.map(|(id, ())| id));
                continue;
            }
            _ = look.tick() => {}
        }
        // A mistake of ours must not end what tells everybody.
        let worked = AssertUnwindSafe(sender.work()).catch_unwind().await;
        let worked =
            worked.unwrap_or_else(|_| Err(ApiError::internal("telling webhooks panicked")));
        match worked {
            Ok(is_more) => {
                n_failures = 0;
                if is_more {
                    look.reset_immediately();
                }
            }
            Err(error) => {
                n_failures = n_failures.saturating_add(1);
                let cause = error.cause.as_deref().unwrap_or(&error.detail);
                tracing::error!(cause, "webhooks cannot be told what changed; trying again");
                let wait = LOOK_EVERY.saturating_mul(1 << n_failures.min(16));
                look.reset_after(wait.min(WAIT_MAX));
            }
        }
    }
    while sender.turns.join_next().await.is_some() {}
}

/// What moves events on.
struct Sender {
    /// By which senders on other servers tell it from themselves.
    id: Uuid,
    app: AppState,
    turns: JoinSet<()>,
    /// Whose turn each task is.
    busy: HashMap<Id, WebhookId>,
    /// When each webhook had its last turn.
    last_turns: HashMap<WebhookId, Instant>,
    swept_at: Option<Instant>,
}

impl Sender {
    /// Queues what changed and begins turns of webhooks for which something is due; whether more has
    /// changed.
    async fn work(&mut self) -> ApiResult<bool> {
        let is_more = dispatch::dispatch(&self.app).await?;
        self.begin_turns().await?;
        self.sweep().await?;
        Ok(is_more)
    }

    async fn begin_turns(&mut self) -> ApiResult<()> {
        let mut due = webhooks::due(self.app.system(), self.id, self.app.now()).await?;
        // Whose last turn is longest ago comes first, so that many slow ones do not keep others from it.
        due.sort_by_key(|webhook| self.last_turns.get(webhook).copied());
        let busy: HashSet<WebhookId> = self.busy.values().copied().collect();
        for webhook in due.into_iter().filter(|webhook| !busy.contains(webhook)) {
            if self.turns.len() >= N_TURNS {
                break;
            }
            let (app, sender) = (self.app.clone(), self.id);
            let task = self.turns.spawn(async move {
                if let Err(error) = deliver::take_turn(&app, webhook, sender).await {
                    deliver::log(webhook, &error);
                }
            });
            self.busy.insert(task.id(), webhook);
            self.last_turns.insert(webhook, Instant::now());
        }
        Ok(())
    }

    fn end_turn(&mut self, ended: Result<Id, tokio::task::JoinError>) {
        let id = match ended {
            Ok(id) => id,
            Err(error) => {
                tracing::error!(%error, "a webhook's turn ended by a mistake of ours");
                error.id()
            }
        };
        self.busy.remove(&id);
    }

    /// Forgets old deliveries, a piece at a time.
    async fn sweep(&mut self) -> ApiResult<()> {
        if self.swept_at.is_some_and(|at| at.elapsed() < SWEEP_EVERY) {
            return Ok(());
        }
        let before = self.app.now().plus_days(-LOG_DAYS);
        if webhooks::sweep(self.app.system(), before).await? == 0 {
            self.swept_at = Some(Instant::now());
        }
        Ok(())
    }
}
