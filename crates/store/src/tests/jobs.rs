//! The queue of durable work.

use std::time::Duration;

use rapport_domain::{JobProgress, JobStatus, Timestamp};
use serde_json::json;

use super::{TestStore, now};
use crate::jobs::{self, Heartbeat, LeasedJob, NewJob};
use crate::{ListQuery, Op, StoreError};

const LEASE: Duration = Duration::from_secs(60);

fn job(store: &TestStore, key: Option<&str>) -> NewJob {
    NewJob {
        id: store.id(),
        kind: "train".to_owned(),
        payload: json!({"k": 5}),
        unique_key: key.map(str::to_owned),
        run_at: now(),
        attempts_max: 2,
    }
}

async fn claim(store: &TestStore, at: Timestamp) -> Option<LeasedJob> {
    jobs::claim(store, &["train"], at, LEASE).await.unwrap()
}

#[tokio::test]
async fn a_job_is_claimed_once_done_once_and_over() {
    let store = TestStore::open().await;
    let queued = jobs::enqueue(&store, job(&store, None), now())
        .await
        .unwrap();

    let leased = claim(&store, now()).await.unwrap();
    let nothing = claim(&store, now()).await;
    let done = jobs::complete(&store, &leased, Some(&json!({"n": 3})), now())
        .await
        .unwrap();

    assert_eq!(
        (queued.status, leased.job.id),
        (JobStatus::Queued, queued.id)
    );
    assert_eq!(
        (leased.job.attempts, leased.job.started_at),
        (1, Some(now()))
    );
    assert_eq!(nothing, None);
    assert_eq!(
        (done.status, done.result),
        (JobStatus::Done, Some(json!({"n": 3})))
    );
    assert_eq!(claim(&store, now().plus_days(1)).await, None);
    let query = ListQuery::default().with("status", Op::Eq, "done");
    assert_eq!(jobs::list(&store, &query).await.unwrap().items.len(), 1);
    let twice = jobs::complete(&store, &leased, None, now()).await;
    assert!(matches!(twice, Err(StoreError::LeaseLost { .. })));
}

#[tokio::test]
async fn many_workers_never_claim_one_job_twice() {
    let store = TestStore::open().await;
    for _ in 0..20 {
        jobs::enqueue(&store, job(&store, None), now())
            .await
            .unwrap();
    }

    let claims = futures::future::join_all((0..40).map(|_| claim(&store, now()))).await;

    let mut ids: Vec<_> = claims
        .into_iter()
        .flatten()
        .map(|leased| leased.job.id)
        .collect();
    ids.sort();
    ids.dedup();
    // A worker that finds all candidates taken by others goes away with nothing and asks again.
    let mut n_claimed = ids.len();
    while claim(&store, now()).await.is_some() {
        n_claimed += 1;
    }
    assert_eq!(n_claimed, 20);
}

#[tokio::test]
async fn only_kinds_that_were_asked_for_and_whose_time_has_come_are_claimed() {
    let store = TestStore::open().await;
    let mut later = job(&store, None);
    later.run_at = now().plus_seconds(10);
    jobs::enqueue(&store, later, now()).await.unwrap();

    assert_eq!(claim(&store, now().plus_seconds(9)).await, None);
    let other = jobs::claim(&store, &["import"], now().plus_seconds(10), LEASE).await;
    assert_eq!(other.unwrap(), None);
    assert!(claim(&store, now().plus_seconds(10)).await.is_some());
}

#[tokio::test]
async fn a_unique_key_is_queued_once_until_its_job_is_over() {
    let store = TestStore::open().await;
    let first = jobs::enqueue(&store, job(&store, Some("train:all")), now())
        .await
        .unwrap();

    let again = jobs::enqueue(&store, job(&store, Some("train:all")), now())
        .await
        .unwrap();
    let leased = claim(&store, now()).await.unwrap();
    let while_running = jobs::enqueue(&store, job(&store, Some("train:all")), now())
        .await
        .unwrap();
    jobs::complete(&store, &leased, None, now()).await.unwrap();
    let after = jobs::enqueue(&store, job(&store, Some("train:all")), now())
        .await
        .unwrap();

    assert_eq!((again.id, while_running.id), (first.id, first.id));
    assert_ne!(after.id, first.id);
}

#[tokio::test]
async fn a_lease_that_ran_out_is_taken_over_and_fences_the_slow_worker() {
    let store = TestStore::open().await;
    jobs::enqueue(&store, job(&store, None), now())
        .await
        .unwrap();
    let slow = claim(&store, now()).await.unwrap();

    let too_early = claim(&store, now().plus_seconds(59)).await;
    let fast = claim(&store, now().plus_seconds(60)).await.unwrap();
    let late = now().plus_seconds(61);
    let progress = JobProgress::default();
    let heartbeat = jobs::heartbeat(&store, &slow, &progress, late, LEASE).await;
    let complete = jobs::complete(&store, &slow, None, late).await;
    let fail = jobs::fail(&store, &slow, "slow", late).await;

    assert_eq!(too_early, None);
    assert_eq!((fast.job.id, fast.job.attempts), (slow.job.id, 2));
    assert!(fast.token > slow.token);
    for refused in [
        heartbeat.map(|_| ()),
        complete.map(|_| ()),
        fail.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(StoreError::LeaseLost { .. })));
    }
    jobs::complete(&store, &fast, None, late).await.unwrap();
}

#[tokio::test]
async fn a_heartbeat_extends_the_lease_and_shows_progress() {
    let store = TestStore::open().await;
    jobs::enqueue(&store, job(&store, None), now())
        .await
        .unwrap();
    let leased = claim(&store, now()).await.unwrap();
    let progress = JobProgress {
        step: "fitting".to_owned(),
        done: 3,
        total: Some(8),
    };

    let at = now().plus_seconds(50);
    let answer = jobs::heartbeat(&store, &leased, &progress, at, LEASE)
        .await
        .unwrap();

    assert_eq!(answer, Heartbeat::GoOn);
    assert_eq!(claim(&store, now().plus_seconds(100)).await, None);
    let job = jobs::find(&store, leased.job.id).await.unwrap().unwrap();
    assert_eq!(job.progress, progress);
}

#[tokio::test]
async fn a_failed_attempt_waits_and_the_last_one_ends_the_job() {
    let store = TestStore::open().await;
    jobs::enqueue(&store, job(&store, None), now())
        .await
        .unwrap();

    let first = claim(&store, now()).await.unwrap();
    let waiting = jobs::fail(&store, &first, "no disk", now()).await.unwrap();
    assert_eq!(
        (waiting.status, waiting.run_at),
        (JobStatus::Queued, now().plus_seconds(2))
    );
    assert_eq!(claim(&store, now().plus_seconds(1)).await, None);
    let second = claim(&store, now().plus_seconds(2)).await.unwrap();
    let failed = jobs::fail(&store, &second, "no disk", now()).await.unwrap();

    assert_eq!(
        (failed.status, failed.error.as_deref()),
        (JobStatus::Failed, Some("no disk"))
    );
    assert_eq!(claim(&store, now().plus_days(1)).await, None);
}

#[tokio::test]
async fn a_job_whose_worker_dies_at_its_last_attempt_fails() {
    let store = TestStore::open().await;
    let mut once = job(&store, None);
    once.attempts_max = 1;
    let once = jobs::enqueue(&store, once, now()).await.unwrap();
    claim(&store, now()).await.unwrap();

    assert_eq!(claim(&store, now().plus_days(1)).await, None);

    let job = jobs::find(&store, once.id).await.unwrap().unwrap();
    assert_eq!(job.status, JobStatus::Failed);
    assert!(job.error.unwrap().contains("no attempt is left"));
}

#[tokio::test]
async fn a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_heartbeat() {
    let store = TestStore::open().await;
    let waiting = jobs::enqueue(&store, job(&store, None), now())
        .await
        .unwrap();
    let cancelled = jobs::cancel(&store, waiting.id, now()).await.unwrap();
    assert_eq!(cancelled.status, JobStatus::Cancelled);

    jobs::enqueue(&store, job(&store, None), now())
        .await
        .unwrap();
    let leased = claim(&store, now()).await.unwrap();
    let asked = jobs::cancel(&store, leased.job.id, now()).await.unwrap();
    let progress = JobProgress::default();
    let answer = jobs::heartbeat(&store, &leased, &progress, now(), LEASE)
        .await
        .unwrap();
    let over = jobs::acknowledge_cancel(&store, &leased, now())
        .await
        .unwrap();

    assert_eq!(
        (asked.status, asked.cancel_requested),
        (JobStatus::Running, true)
    );
    assert_eq!(answer, Heartbeat::Stop);
    assert_eq!(over.status, JobStatus::Cancelled);
    let nobody = jobs::cancel(&store, store.id(), now()).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn a_job_that_was_to_stop_is_not_taken_over() {
    let store = TestStore::open().await;
    jobs::enqueue(&store, job(&store, None), now())
        .await
        .unwrap();
    let leased = claim(&store, now()).await.unwrap();
    jobs::cancel(&store, leased.job.id, now()).await.unwrap();

    assert_eq!(claim(&store, now().plus_days(1)).await, None);

    let job = jobs::find(&store, leased.job.id).await.unwrap().unwrap();
    assert_eq!(job.status, JobStatus::Cancelled);
}

#[tokio::test]
async fn a_process_that_starts_again_takes_its_jobs_back_but_not_without_limit() {
    let store = TestStore::open().await;
    let queued = jobs::enqueue(&store, job(&store, None), now())
        .await
        .unwrap();

    // Each start claims the job and is killed by it.
    for attempt in 1..=2 {
        let leased = claim(&store, now()).await.unwrap();
        assert_eq!(leased.job.attempts, attempt);
        jobs::take_back(&store, now()).await.unwrap();
    }

    assert_eq!(claim(&store, now().plus_days(1)).await, None);
    let job = jobs::find(&store, queued.id).await.unwrap().unwrap();
    assert_eq!(job.status, JobStatus::Failed);
    assert!(job.error.unwrap().contains("no attempt is left"));
}

#[tokio::test]
async fn a_job_that_was_to_stop_is_cancelled_when_its_process_starts_again() {
    let store = TestStore::open().await;
    jobs::enqueue(&store, job(&store, None), now())
        .await
        .unwrap();
    let leased = claim(&store, now()).await.unwrap();
    jobs::cancel(&store, leased.job.id, now()).await.unwrap();

    let n_taken = jobs::take_back(&store, now()).await.unwrap();

    let job = jobs::find(&store, leased.job.id).await.unwrap().unwrap();
    assert_eq!((n_taken, job.status), (0, JobStatus::Cancelled));
}

#[tokio::test]
async fn a_job_that_was_to_stop_and_failed_is_not_tried_again() {
    let store = TestStore::open().await;
    jobs::enqueue(&store, job(&store, None), now())
        .await
        .unwrap();
    let leased = claim(&store, now()).await.unwrap();
    jobs::cancel(&store, leased.job.id, now()).await.unwrap();
    jobs::fail(&store, &leased, "no disk", now()).await.unwrap();

    assert_eq!(claim(&store, now().plus_days(1)).await, None);

    let job = jobs::find(&store, leased.job.id).await.unwrap().unwrap();
    assert_eq!(job.status, JobStatus::Cancelled);
}
