//! Who has seen which records: gathered in memory and noted in the audit a moment later, so that nobody
//! waits for it to read.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rapport_domain::{Actor, AuditObject, Timestamp};
use rapport_store::audit::{self, Seen};
use rapport_store::{Store, StoreError};
use uuid::Uuid;

use crate::state::AppState;

/// Who sees a record again within this time is not noted again.
const AGAIN_AFTER_SECONDS: i64 = 600;
/// What waits is noted this often.
const EVERY: Duration = Duration::from_secs(2);
/// Records seen that wait; more would mean that noting them fails for good.
const N_WAITING_MAX: usize = 100_000;

/// Who sees which record.
type Pair = (Actor, AuditObject, Uuid);

/// Who has seen which records, until it is noted.
#[derive(Debug, Default)]
pub(crate) struct Sightings(Mutex<Gathered>);

#[derive(Debug, Default)]
struct Gathered {
    waiting: Vec<Seen>,
    /// When each was last taken up.
    last: HashMap<Pair, Timestamp>,
}

impl Sightings {
    /// Takes a sighting up, unless the same person has seen the same record a short while ago.
    pub(crate) fn add(&self, seen: Seen) {
        let mut gathered = self.lock();
        let pair = (seen.actor, seen.object, seen.id);
        let is_new = gathered
            .last
            .get(&pair)
            .is_none_or(|at| at.plus_seconds(AGAIN_AFTER_SECONDS) <= seen.at);
        if !is_new {
            return;
        }
        if gathered.waiting.len() >= N_WAITING_MAX {
            tracing::error!("too many records seen wait to be noted; the rest is not noted");
            return;
        }
        gathered.last.insert(pair, seen.at);
        gathered.waiting.push(seen);
    }

    /// Notes what was gathered. What could not be noted waits for the next time.
    pub(crate) async fn note(&self, store: &Store) -> Result<(), StoreError> {
        let waiting = {
            let mut gathered = self.lock();
            let latest = gathered.last.values().max().copied();
            let is_recent = |at: &Timestamp| Some(at.plus_seconds(AGAIN_AFTER_SECONDS)) > latest;
            gathered.last.retain(|_, at| is_recent(at));
            std::mem::take(&mut gathered.waiting)
        };
        let noted = audit::note_seen(store, waiting.clone()).await;
        if noted.is_err() {
            let mut gathered = self.lock();
            gathered.waiting.splice(0..0, waiting);
        }
        noted
    }

    fn lock(&self) -> MutexGuard<'_, Gathered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the audit: notes who has seen what, and puts entries into the chain, until the server stops.
pub(crate) async fn keep_audit(app: AppState) {
    let stopped = app.shutdown().clone();
    loop {
        tokio::select! {
            () = stopped.cancelled() => return,
            () = tokio::time::sleep(EVERY) => settle(&app).await,
        }
    }
}

/// Notes and chains what waits. A failure is logged and waits for the next time.
pub(crate) async fn settle(app: &AppState) {
    if let Err(error) = try_settle(app).await {
        tracing::warn!(%error, "the audit could not be brought up to date");
    }
}

/// As [`settle`], for whoever is about to read the audit. It is done to its end even where the caller goes
/// away meanwhile: what was taken out to be noted would be lost else.
pub(crate) async fn try_settle(app: &AppState) -> Result<(), StoreError> {
    let app = app.clone();
    let settled = tokio::spawn(async move {
        let store = app.system();
        app.sightings().note(store).await?;
        audit::seal(store).await
    });
    match settled.await {
        Ok(outcome) => outcome,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::UserId;

    use super::*;

    #[test]
    fn who_looks_again_within_minutes_is_taken_up_once() {
        let sightings = Sightings::default();
        let at = |seconds: i64| Timestamp::from_millis(0).plus_seconds(seconds);
        let seen = |user: u128, id: u128, seconds: i64| Seen {
            actor: Actor::User(UserId(Uuid::from_u128(user))),
            at: at(seconds),
            object: AuditObject::Contact,
            id: Uuid::from_u128(id),
        };

        for (user, id, seconds) in [
            (1, 1, 0),
            (1, 1, 599),
            (2, 1, 599),
            (1, 2, 599),
            (1, 1, 600),
        ] {
            sightings.add(seen(user, id, seconds));
        }

        let waiting = sightings.lock().waiting.clone();
        assert_eq!(
            waiting,
            [
                seen(1, 1, 0),
                seen(2, 1, 599),
                seen(1, 2, 599),
                seen(1, 1, 600)
            ]
        );
    }
}
