//! Runs that are killed at any point and taken up again.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rapport_store::jobs::LeasedJob;
use rapport_store::match_pairs;
use rapport_store::settings::{self, MatchingSettings};
use rapport_testing::killed_at_wait;
use rapport_twin::TwinParams;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::imports;
use crate::jobs::{JobContext, run_until_over};
use crate::killed::{hand_clock, open};

/// The shop of a made company, in which some people have two accounts, and the matcher set to merge.
async fn prepare(directory: &Path) {
    let workspace = open(directory, hand_clock().0).await;
    let files = TempDir::new().unwrap();
    let mut params = TwinParams::new(16, 400);
    params.second_account_permille = 300;
    let twin = params.check().unwrap();
    twin.write(files.path(), &mut |_, _| {}).unwrap();
    let bytes = std::fs::read(files.path().join("shop_customers.csv")).unwrap();
    let (name, source) = ("shop_customers.csv", "shop");
    let import = imports::upload(&workspace, name, source, None, u64::MAX, &bytes[..]).await;
    let job = imports::start(&workspace, import.unwrap().id)
        .await
        .unwrap();
    run_until_over(&workspace, job.id, &mut |_| {})
        .await
        .unwrap();
    let wanted = MatchingSettings {
        is_automatic: true,
        threshold: 0.9,
        ..MatchingSettings::default()
    };
    settings::save_matching(&workspace.store, &wanted)
        .await
        .unwrap();
    let job = NewJob {
        attempts_max: 1_000,
        ..jobs::new_job(&workspace, JOB_KIND, json!({}), None)
    };
    let now = workspace.clock.now();
    queue::enqueue(&workspace.store, job, now).await.unwrap();
    workspace.close().await;
}

/// A lease that is over at once: who starts after a kill need not wait for it, on a server neither.
async fn claim(workspace: &Workspace) -> LeasedJob {
    for _ in 0..1_000 {
        let now = workspace.clock.now();
        let leased = queue::claim(&workspace.store, &[JOB_KIND], now, Duration::ZERO).await;
        if let Some(leased) = leased.unwrap() {
            return leased;
        }
        // A server lets go of what a killed worker held once it has noticed.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the job is held for ever")
}

async fn n_contacts(workspace: &Workspace) -> usize {
    let all = match_pairs::page(&workspace.store, None, 10_000).await;
    all.unwrap().len()
}

#[tokio::test]
async fn a_run_that_is_killed_again_and_again_merges_in_the_end_what_one_that_lives_does() {
    let calm = TempDir::new().unwrap();
    prepare(calm.path()).await;
    let workspace = open(calm.path(), hand_clock().0).await;
    let leased = claim(&workspace).await;
    let never = CancellationToken::new();
    let mut context = JobContext::new(&workspace, &leased, &never);
    let wanted = run(&workspace, &mut context).await.unwrap();
    let left = n_contacts(&workspace).await;
    assert!(wanted["n_merged"].as_u64() >= Some(3), "{wanted}");

    let dir = TempDir::new().unwrap();
    prepare(dir.path()).await;
    let mut n_kills = 0;
    let result = loop {
        let (clock, hand) = hand_clock();
        // On a server a lease outlives a kill: the next start comes three minutes later.
        hand.fetch_add(180_000_000 * n_kills, Ordering::SeqCst);
        let workspace = open(dir.path(), clock).await;
        let leased = claim(&workspace).await;
        let mut context = JobContext::new(&workspace, &leased, &never);
        // Each attempt lives twice as long as the one before, so that one comes to the end.
        let work = run(&workspace, &mut context);
        let done = killed_at_wait(6 << n_kills, work).await;
        if let Some(done) = done {
            let result = done.unwrap();
            assert_eq!(n_contacts(&workspace).await, left);
            break result;
        }
        n_kills += 1;
        drop(workspace);
    };

    assert!(n_kills > 1);
    assert_eq!(result["n_pairs"], wanted["n_pairs"]);
    assert_eq!(result["n_merged"], wanted["n_merged"]);
}
