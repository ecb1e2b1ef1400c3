//! Killed anywhere, the next start goes on, and the archive leads to states that are whole.

use super::*;
use crate::killed::left_by_the_dead_at;
use rapport_testing::killed_at_wait;

const TEST: &str = "backup::archive::tests::kills::killed_anywhere_the_next_start_goes_on";
/// Stands where the work was done before the kill.
const DONE: &str = "done";

/// A state, moving the log, a copy, and shipping, in the order of a busy day.
async fn work(root: PathBuf, n: usize) {
    let mut house = House::begun(&root).await;
    house.ship().await;
    house.wait(10);
    house.import("shop", 5).await;
    let busy = async {
        house.scribe.pass().await.unwrap();
        house.ship().await;
        house.wait(10);
        house.add_contact("Ada").await;
        house.scribe.move_log().await.unwrap();
        house.add_contact("Bo").await;
        house.scribe.pass().await.unwrap();
        house.wait(10);
        house.begin().await;
        house.add_contact("Cy").await;
        house.ship().await;
    };
    if killed_at_wait(n, busy).await.is_some() {
        std::fs::write(root.join(DONE), "").unwrap();
    }
}

#[test]
fn killed_anywhere_the_next_start_goes_on() {
    let mut n = 1;
    loop {
        let dir = left_by_the_dead_at(n, TEST, work);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(go_on(dir.path(), n));
        if dir.path().join(DONE).exists() {
            break;
        }
        // Not each of them: a start takes a second.
        n += 1 + n / 4;
    }
    assert!(n > 20, "it hardly waited, so it was hardly killed");
}

async fn go_on(root: &Path, n: usize) {
    let mut house = House::open(root).await;
    // The clock of the one before went further.
    house.wait(100);
    let before = house.truth().await;
    house.tick().await;
    house.wait(10);
    house.add_contact("After the kill").await;
    house.tick().await;
    let after = house.truth().await;
    house.ship().await;

    assert_eq!(house.problems().await, [""; 0], "wait {n}");
    house.check_records(before.at, &before).await;
    house.check(after.at, &after).await;
    let listing = super::super::listing::Listing::of(&house.shipper.depot)
        .await
        .unwrap();
    for span in listing.reachable() {
        let into = TempDir::new().unwrap();
        let restored = house.restore(Some(span.to), &into).await.unwrap();
        assert_eq!(restored.at, span.to, "wait {n}");
        let into = TempDir::new().unwrap();
        house.restore(Some(span.from), &into).await.unwrap();
    }
}
