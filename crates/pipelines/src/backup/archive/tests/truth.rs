//! Every instant that was remembered comes back as it was.

use rapport_store::write_ahead::Position;

use super::super::state::State;
use super::*;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[tokio::test]
async fn every_instant_comes_back_as_it_was() {
    let dir = TempDir::new().unwrap();
    let mut house = House::open(dir.path()).await;
    house.import("shop", 30).await;
    house.wait(1);
    house.tick().await;
    let mut dice = Dice(7);
    let mut truths = vec![house.truth().await];

    for round in 0..14 {
        house.wait(10);
        match dice.roll(4) {
            0 => house.import(&format!("shop {round}"), 5 + round).await,
            1 => house.edit_and_delete(&format!("Renamed {round}")).await,
            _ => house.add_contact(&format!("Added {round}")).await,
        }
        match dice.roll(5) {
            // Written again before the state is taken: the file then has more than the last state.
            0 => {
                house.scribe.move_log().await.unwrap();
                house.add_contact("Written after the log was moved").await;
                house.scribe.pass().await.unwrap();
            }
            1 => {
                house.scribe.pass().await.unwrap();
                house.scribe.move_log().await.unwrap();
            }
            2 if round > 4 => house.begin().await,
            _ => house.tick().await,
        }
        truths.push(house.truth().await);
        if dice.roll(2) == 0 {
            house.ship().await;
        }
    }
    house.ship().await;

    assert_eq!(house.problems().await, [""; 0]);
    for truth in &truths {
        house.check(truth.at, truth).await;
        house.check(truth.at.plus_seconds(9), truth).await;
    }
    let generations = std::fs::read_dir(house.archive().join("generations"));
    assert!(generations.unwrap().count() > 1, "one generation only");
}

#[tokio::test]
async fn writers_that_never_rest_are_archived_and_none_of_them_fails() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    let workspace = house.workspace.clone();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let workspace = workspace.clone();
            tokio::spawn(async move {
                for idx in 0..60 {
                    let now = workspace.clock.now();
                    let name = format!("Writer {writer}, contact {idx}");
                    let contact = Contact::named(workspace.ids.next(now), name, now);
                    contacts::create(&workspace.store, contact).await.unwrap();
                }
            })
        })
        .collect();

    let mut n_rounds = 0;
    while writers.iter().any(|writer| !writer.is_finished()) {
        house.wait(1);
        house.scribe.pass().await.unwrap();
        house.scribe.move_log().await.unwrap();
        if n_rounds % 4 == 3 {
            house.begin().await;
        }
        n_rounds += 1;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    house.wait(1);
    house.tick().await;
    house.ship().await;

    let truth = house.truth().await;
    house.check_records(truth.at, &truth).await;
    assert_eq!(house.problems().await, [""; 0]);
    assert!(n_rounds > 2, "nothing happened at the same time");
}

#[tokio::test]
async fn a_close_in_order_and_a_start_go_on_in_one_generation() {
    let dir = TempDir::new().unwrap();
    let house = House::begun(dir.path()).await;
    let generation = house.scribe.state.as_ref().unwrap().generation.clone();
    house.wait(10);
    house.import("shop", 5).await;
    let first = house.truth().await;

    let mut house = house.reopen().await;
    house.wait(10);
    house.add_contact("Ada").await;
    house.tick().await;
    let second = house.truth().await;
    house.ship().await;

    assert_eq!(house.scribe.state.as_ref().unwrap().generation, generation);
    house.check(first.at, &first).await;
    house.check(second.at, &second).await;
}

#[tokio::test]
async fn what_was_written_without_the_archive_begins_a_generation() {
    let dir = TempDir::new().unwrap();
    let house = House::begun(dir.path()).await;
    let generation = house.scribe.state.as_ref().unwrap().generation.clone();
    let closed = house.close().await;
    write_without(&closed).await;

    let mut house = closed.open().await;
    house.tick().await;
    house.ship().await;

    assert_ne!(house.scribe.state.as_ref().unwrap().generation, generation);
    let truth = house.truth().await;
    house.check(truth.at, &truth).await;
}

/// Writes without the setting, as another program would, and closes in order.
async fn write_without(closed: &Closed) {
    closed.hand.fetch_add(10_000_000, Ordering::SeqCst);
    let (clock, data_dir) = (closed.clock.clone(), closed.data_dir());
    let without = Workspace::open(&data_dir, open_options(clock.clone()));
    let without = without.await.unwrap();
    let contact = Contact::named(without.ids.next(clock.now()), "Ada", clock.now());
    contacts::create(&without.store, contact).await.unwrap();
    without.close().await;
}

#[tokio::test]
async fn what_was_written_without_the_archive_after_a_kill_begins_a_generation() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await.reopen().await;
    // Beside a log that nobody has written to yet.
    house.wait(10);
    house.begin().await;
    let killed = house.scribe.state.clone().unwrap();
    assert_eq!(killed.position, Position::Beginning);
    let path = house.scribe.spool.state();
    let closed = house.close().await;

    // Nothing was written since, so this is what a kill leaves.
    killed.write(&path).unwrap();
    let house = closed.open().await;
    assert!(house.scribe.continues());
    let closed = house.close().await;
    killed.write(&path).unwrap();
    write_without(&closed).await;
    let mut house = closed.open().await;
    house.tick().await;
    house.wait(10);
    house.add_contact("Bo").await;
    house.tick().await;
    house.ship().await;

    let generation = &house.scribe.state.as_ref().unwrap().generation;
    assert_ne!(*generation, killed.generation);
    let truth = house.truth().await;
    house.check(truth.at, &truth).await;
}

#[tokio::test]
async fn a_state_that_was_owed_forgets_no_stamp() {
    let dir = TempDir::new().unwrap();
    let house = House::begun(dir.path()).await;
    let path = house.scribe.spool.state();
    let closed = house.close().await;
    let state = State::read(&path).unwrap().unwrap();
    let owing = State {
        owes_state: true,
        ..state
    };
    owing.write(&path).unwrap();

    let mut house = closed.open().await;
    house.wait(10);
    house.tick().await;

    let state = house.scribe.state.unwrap();
    assert_eq!(state.next_number, owing.next_number + 1);
    assert_eq!(
        (state.position, state.closed),
        (Position::Beginning, owing.closed)
    );
}

#[tokio::test]
async fn a_file_that_others_changed_before_a_log_began_is_seen_at_once() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await.reopen().await;
    let generation = house.scribe.state.as_ref().unwrap().generation.clone();
    house.wait(10);
    house.add_contact("Ada").await;
    // Unread, as another program does it.
    house.scribe.follower.checkpoint_unread().await.unwrap();
    house.add_contact("Bo").await;

    house.tick().await;
    house.ship().await;

    assert_ne!(house.scribe.state.as_ref().unwrap().generation, generation);
    let truth = house.truth().await;
    house.check(truth.at, &truth).await;
}

#[tokio::test]
async fn a_workspace_keeps_its_archive_by_itself_and_to_the_end() {
    let dir = TempDir::new().unwrap();
    let ticks = AtomicI64::new(rapport_testing::at("2026-01-01T00:00:00Z").as_micros());
    let clock = Clock::new(move || Timestamp::from_micros(ticks.fetch_add(1000, Ordering::SeqCst)));
    let archive = ArchiveOptions {
        every: Duration::from_millis(20),
        ..options(dir.path())
    };
    let data_dir = dir.path().join("data");
    let opened = Workspace::open_archived(&data_dir, open_options(clock), Some(archive.clone()));
    let workspace = opened.await.unwrap();
    let address = &archive.address;
    while !super::is_archive_with_states(address).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let now = workspace.clock.now();
    let contact = Contact::named(workspace.ids.next(now), "Ada", now);
    contacts::create(&workspace.store, contact).await.unwrap();

    workspace.close().await;

    let status = workspace.archive_status().await.unwrap().unwrap();
    assert_eq!(status, keeper::ArchiveStatus::default());
    let restored = place(dir.path().join("restored"));
    restore(address, None, &restored, &mut |_| {})
        .await
        .unwrap();
    let records = |data: &Path| std::fs::read(data.join("records.sqlite")).unwrap();
    assert!(records(&restored.data_dir) == records(&data_dir));
}

#[tokio::test]
async fn records_on_a_server_are_refused_with_what_to_use() {
    let dir = TempDir::new().unwrap();
    let open_options = OpenOptions {
        database: Some("postgres://localhost/crm".to_owned()),
        ..open_options(hand_clock().0)
    };

    let archive = Some(options(dir.path()));
    let opened = Workspace::open_archived(&dir.path().join("data"), open_options, archive).await;

    let error = opened.unwrap_err().to_string();
    assert!(error.contains("archive_command"), "{error}");
}

#[tokio::test]
async fn an_archive_inside_of_what_it_is_to_outlive_is_refused() {
    let dir = TempDir::new().unwrap();
    let data_dir = dir.path().join("data");
    let archive = ArchiveOptions {
        address: data_dir.join("archive").display().to_string(),
        ..options(dir.path())
    };

    let open_options = open_options(hand_clock().0);
    let opened = Workspace::open_archived(&data_dir, open_options, Some(archive)).await;

    let error = opened.unwrap_err().to_string();
    assert!(error.contains("lies inside of"), "{error}");
    assert!(!data_dir.exists());
}
