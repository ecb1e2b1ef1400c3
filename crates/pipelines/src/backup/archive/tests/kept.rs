//! What is kept and what goes: generations, files, the log, the spool.

use super::*;

const DAY: i64 = 24 * 3600;

fn generations(house: &House) -> Vec<String> {
    let files = files_below(&house.archive().join("generations"));
    let mut names: Vec<String> = files
        .iter()
        .map(|file| file.split('/').next().unwrap().to_owned())
        .collect();
    names.dedup();
    names
}

#[tokio::test]
async fn a_day_with_writing_ends_a_generation_and_a_quiet_one_does_not() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.wait(2 * DAY);
    house.tick().await;
    house.ship().await;
    assert_eq!(generations(&house).len(), 1);

    house.add_contact("Ada").await;
    house.tick().await;
    house.ship().await;

    assert_eq!(generations(&house).len(), 2);
}

#[tokio::test]
async fn what_ended_before_the_days_to_keep_goes_with_the_files_that_nobody_names() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.import("one", 5).await;
    house.wait(10);
    house.tick().await;
    house.ship().await;
    let first = files_below(&house.archive().join("files/lake"));
    let events = |house: &House| files_below(&house.archive().join("files/lake"));
    // The files of both imports are merged into new ones.
    house.import("two", 5).await;
    let mut n_generations = Vec::new();
    let mut truths = Vec::new();

    for day in 0..4 {
        house.wait(DAY);
        house.add_contact(&format!("Day {day}")).await;
        house.tick().await;
        truths.push(house.truth().await);
        house.ship().await;
        n_generations.push(generations(&house).len());
        assert_eq!(house.problems().await, [""; 0], "day {day}");
        let has_old = first.iter().all(|file| events(&house).contains(file));
        assert_eq!(has_old, day < 2, "day {day}");
    }

    // Two days are asked for: the generation that was the present one two days ago stays.
    assert_eq!(n_generations, [2, 3, 3, 3]);
    for truth in &truths[1..] {
        house.check(truth.at, truth).await;
    }
}

#[tokio::test]
async fn a_log_that_was_moved_begins_anew_and_stays_short() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    let log = house.data_dir().join("records.sqlite-wal");
    house.import("shop", 20).await;
    house.scribe.pass().await.unwrap();
    house.scribe.move_log().await.unwrap();
    house.add_contact("Ada").await;
    let n_bytes = std::fs::metadata(&log).unwrap().len();

    for idx in 0..5 {
        house.add_contact(&format!("Contact {idx}")).await;
        house.scribe.pass().await.unwrap();
        house.scribe.move_log().await.unwrap();
    }

    assert_eq!(std::fs::metadata(&log).unwrap().len(), n_bytes);
}

#[tokio::test]
async fn nothing_is_written_where_nothing_changed() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.ship().await;
    let files = files_below(&house.archive());

    for _ in 0..3 {
        house.wait(10);
        house.tick().await;
        house.ship().await;
    }

    assert_eq!(files_below(&house.archive()), files);
}

#[tokio::test]
async fn an_archive_that_lies_elsewhere_by_now_begins_anew_there() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.import("shop", 5).await;
    house.wait(10);
    house.tick().await;
    house.ship().await;
    let state = house.scribe.state.clone().unwrap();
    let (path, archive) = (house.scribe.spool.state(), house.archive());
    let closed = house.close().await;
    let elsewhere = super::super::state::State {
        address: "elsewhere".to_owned(),
        ..state
    };
    elsewhere.write(&path).unwrap();
    std::fs::remove_dir_all(archive).unwrap();
    let mut house = closed.open().await;
    house.wait(10);
    house.tick().await;
    house.ship().await;

    let truth = house.truth().await;
    house.check(truth.at, &truth).await;
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_look_into_what_waits_and_what_is_there() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.ship().await;

    for folder in [house.data_dir().join("archive"), house.archive()] {
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_takes_no_file_that_is_needed() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.import("one", 5).await;
    house.wait(10);
    house.tick().await;
    house.ship().await;
    house.wait(-5 * DAY);
    while crate::events::compact_once(&house.workspace, true)
        .await
        .unwrap()
    {}
    house.tick().await;
    house.ship().await;

    // The next generation, by which files go that nobody names.
    house.wait(7 * DAY);
    house.add_contact("Ada").await;
    house.tick().await;
    house.ship().await;

    assert_eq!(generations(&house).len(), 2);
    assert_eq!(house.problems().await, [""; 0]);
    let truth = house.truth().await;
    house.check(truth.at, &truth).await;
}

/// Makes the copy that waits look as large as this, without using the disk.
fn stretch(house: &House, path: &str, bytes: u64) {
    let place = house.scribe.spool.place_of(path);
    let file = std::fs::File::options().write(true).open(place).unwrap();
    file.set_len(bytes).unwrap();
}

#[tokio::test]
async fn no_second_copy_is_made_while_one_waits() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    for _ in 0..3 {
        house.wait(2 * DAY);
        house.add_contact("Ada").await;
        house.tick().await;
    }
    house.ship().await;
    assert_eq!(generations(&house).len(), 1);

    house.tick().await;
    house.ship().await;

    assert_eq!(generations(&house).len(), 2);
    let truth = house.truth().await;
    house.check(truth.at, &truth).await;
}

#[tokio::test]
async fn copies_count_among_what_may_wait_and_the_present_one_is_let_be() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    let copy = house.scribe.spool.pieces().unwrap().remove(0);
    house.wait(10);
    stretch(&house, &copy.path(), 5 << 30);
    house.tick().await;
    assert!(house.scribe.continues());

    // Its generation is over, and it still waits.
    house.begin().await;
    let generation = house.scribe.state.as_ref().unwrap().generation.clone();
    house.wait(10);
    house.tick().await;
    assert!(!house.scribe.continues());
    house.wait(10);
    house.tick().await;
    assert_eq!(house.scribe.state.as_ref().unwrap().generation, generation);

    stretch(&house, &copy.path(), copy.bytes);
    house.ship().await;
    house.tick().await;
    house.ship().await;

    assert_eq!(generations(&house).len(), 3);
    assert_eq!(house.problems().await, [""; 0]);
    let truth = house.truth().await;
    house.check(truth.at, &truth).await;
}
