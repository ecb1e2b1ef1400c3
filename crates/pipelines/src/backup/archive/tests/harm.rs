//! Destinations that are away, bytes that are others, pieces that are missing, places that are taken.

use super::*;

#[tokio::test]
async fn a_destination_that_is_away_for_a_while_loses_nothing() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.ship().await;
    let away = dir.path().join("away");
    std::fs::rename(house.archive(), &away).unwrap();

    let mut truths = Vec::new();
    for source in ["one", "two", "three"] {
        house.wait(10);
        house.import(source, 5).await;
        house.tick().await;
        house.scribe.move_log().await.unwrap();
        truths.push(house.truth().await);
        let error = house.shipper.ship_all().await.unwrap_err().to_string();
        assert!(error.contains("is its disk mounted?"), "{error}");
    }
    // Whatever is deleted meanwhile is still in the spool.
    while crate::events::compact_once(&house.workspace, true)
        .await
        .unwrap()
    {}
    for file in files_below(&house.data_dir().join("uploads")) {
        std::fs::remove_file(house.data_dir().join("uploads").join(file)).unwrap();
    }
    let status = keeper::look(&house.data_dir()).unwrap();
    assert_eq!(status.waiting_since, Some(truths[0].at));
    assert_eq!(status.behind_seconds(truths[2].at), 20);
    assert!(!house.archive().exists(), "an empty archive was begun");
    std::fs::rename(&away, house.archive()).unwrap();

    house.ship().await;

    assert_eq!(keeper::look(&house.data_dir()).unwrap().waiting_bytes, 0);
    let spool = house.data_dir().join("archive/spool");
    assert_eq!(files_below(&spool), [""; 0]);
    for truth in &truths {
        house.check(truth.at, truth).await;
    }
    assert_eq!(house.problems().await, [""; 0]);
}

#[tokio::test]
async fn one_flipped_byte_is_named_wherever_it_is_and_nothing_is_restored() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.wait(10);
    house.import("shop", 5).await;
    house.tick().await;
    house.ship().await;
    let files = files_below(&house.archive());
    assert!(
        files.iter().any(|file| file.starts_with("files/lake/")),
        "{files:?}"
    );
    assert!(
        files.iter().any(|file| file.starts_with("files/uploads/")),
        "{files:?}"
    );

    for file in files.iter().filter(|file| file.contains('/')) {
        let path = house.archive().join(file);
        let whole = std::fs::read(&path).unwrap();
        let mut damaged = whole.clone();
        damaged[whole.len() / 2] ^= 1;
        std::fs::write(&path, damaged).unwrap();

        let found = house.problems().await;
        assert!(
            found[0].starts_with(&format!("{file} is damaged")),
            "{found:?}"
        );
        let into = TempDir::new().unwrap();
        let error = house.restore(None, &into).await.unwrap_err().to_string();
        let named = file.trim_start_matches("files/");
        assert!(error.contains(named), "{error}");
        assert_eq!(files_below(into.path()), [""; 0]);

        std::fs::write(&path, whole).unwrap();
    }
    assert_eq!(house.problems().await, [""; 0]);
}

#[tokio::test]
async fn a_missing_piece_is_named_and_what_lies_before_it_comes_back() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    let mut truths = Vec::new();
    for name in ["Ada", "Bo", "Cy"] {
        house.wait(10);
        house.add_contact(name).await;
        house.tick().await;
        truths.push(house.truth().await);
    }
    house.ship().await;
    let pieces = files_below(&house.archive().join("generations"));
    std::fs::remove_file(house.archive().join("generations").join(&pieces[3])).unwrap();

    let found = verify(&house.address(), &mut |_| {}).await.unwrap();
    let into = TempDir::new().unwrap();
    let error = house.restore(None, &into).await.unwrap_err();

    let problem = found.verdict.problems[0].to_string();
    assert!(
        problem.contains("/0000000003-") && problem.contains("is missing"),
        "{problem}"
    );
    assert_eq!(found.reachable[0].to, truths[0].at);
    assert!(matches!(error, BackupError::Gap { .. }), "{error}");
    assert!(error.to_string().contains("piece 3"), "{error}");
    assert!(
        error.to_string().contains(&truths[0].at.to_string()),
        "{error}"
    );
    house.check(truths[0].at, &truths[0]).await;
}

#[tokio::test]
async fn a_missing_file_is_named_and_nothing_is_restored() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.wait(10);
    house.import("shop", 5).await;
    house.tick().await;
    house.ship().await;
    let upload = &files_below(&house.archive().join("files/uploads"))[0];
    std::fs::remove_file(house.archive().join("files/uploads").join(upload)).unwrap();

    let into = TempDir::new().unwrap();
    let error = house.restore(None, &into).await.unwrap_err().to_string();

    assert_eq!(
        house.problems().await,
        [format!("files/uploads/{upload} is missing")]
    );
    assert!(
        error.contains(&format!("uploads/{upload} is missing")),
        "{error}"
    );
    assert_eq!(files_below(into.path()), [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_reached_is_refused_with_what_can() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.ship().await;
    let first = house.workspace.clock.now();
    let into = TempDir::new().unwrap();

    let early = house
        .restore(Some(first.plus_seconds(-1)), &into)
        .await
        .unwrap_err();
    let late = house
        .restore(Some(first.plus_days(1)), &into)
        .await
        .unwrap();
    let full = house.restore(None, &into).await.unwrap_err();
    let nowhere = dir.path().join("nowhere").display().to_string();
    let place = place(dir.path().join("restored"));
    let none = restore(&nowhere, None, &place, &mut |_| {})
        .await
        .unwrap_err();

    assert!(matches!(early, BackupError::TooEarly { .. }), "{early}");
    assert!(early.to_string().contains(&first.to_string()), "{early}");
    assert_eq!((late.at, late.latest), (first, first));
    assert!(matches!(full, BackupError::NotEmpty { .. }), "{full}");
    assert!(matches!(none, BackupError::NoArchive { .. }), "{none}");
    assert!(!Path::new(&nowhere).exists());
}

#[tokio::test]
async fn a_file_that_was_gone_already_is_told_and_the_rest_comes_back() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.wait(10);
    house.import("shop", 5).await;
    let upload = files_below(&house.data_dir().join("uploads")).remove(0);
    std::fs::remove_file(house.data_dir().join("uploads").join(&upload)).unwrap();
    house.tick().await;
    house.ship().await;

    let into = TempDir::new().unwrap();
    let restored = house.restore(None, &into).await.unwrap();

    assert_eq!(restored.lacking, [format!("uploads/{upload}")]);
    assert_eq!(house.problems().await, [""; 0]);
}

#[tokio::test]
async fn an_archive_of_another_workspace_is_left_alone() {
    let dir = TempDir::new().unwrap();
    let mut first = House::begun(dir.path()).await;
    first.ship().await;
    let other = TempDir::new().unwrap();
    let mut second = House::begun(other.path()).await;
    let files = files_below(&first.archive());
    std::fs::rename(first.archive(), second.archive()).unwrap();

    let error = second.shipper.ship_all().await.unwrap_err().to_string();

    assert!(error.contains("belongs to workspace"), "{error}");
    assert_eq!(files_below(&second.archive()), files);
}

#[tokio::test]
async fn a_state_that_fails_leaves_no_files_and_the_next_one_takes_them() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.wait(10);
    house.import("shop", 5).await;
    let spooled = house.data_dir().join("archive/spool");
    let before = files_below(&spooled);
    // The piece cannot be written.
    let draft = house.data_dir().join("archive/pages.part");
    std::fs::create_dir(&draft).unwrap();

    let failed = house.scribe.tick(&CancellationToken::new()).await;

    assert!(failed.is_err());
    assert_eq!(files_below(&spooled), before);
    std::fs::remove_dir(&draft).unwrap();
    house.tick().await;
    house.ship().await;
    let truth = house.truth().await;
    house.check(truth.at, &truth).await;
}

#[test]
fn a_file_is_taken_whole_or_not_at_all() {
    let dir = TempDir::new().unwrap();
    let spool = super::super::spool::Spool::in_directory(dir.path());
    spool.make().unwrap();
    let (file, folder) = (dir.path().join("file"), dir.path().join("folder"));
    std::fs::write(&file, "whole").unwrap();
    std::fs::create_dir(&folder).unwrap();

    assert!(spool.take("uploads/1", &file).unwrap());
    assert!(spool.take("uploads/1", &file).unwrap());
    assert!(spool.take("uploads/1", &folder).is_err());
    assert!(spool.take("uploads/2", &folder).is_err());
    assert!(!spool.take("uploads/3", &dir.path().join("none")).unwrap());

    let left = files_below(&dir.path().join("archive"));
    assert_eq!(left, ["spool/files/uploads/1"]);
    let taken = spool.place_of("files/uploads/1");
    assert_eq!(std::fs::read(taken).unwrap(), b"whole");
}

#[tokio::test]
async fn a_start_deletes_files_that_no_piece_lists() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.wait(10);
    house.import("shop", 5).await;
    house.tick().await;
    let spooled = house.data_dir().join("archive/spool/files");
    let listed = files_below(&spooled);
    std::fs::write(spooled.join("uploads/left"), "").unwrap();
    std::fs::write(spooled.join("left"), "").unwrap();

    let mut house = house.reopen().await;

    assert_eq!(files_below(&spooled), listed);
    house.ship().await;
    let truth = house.truth().await;
    house.check_records(truth.at, &truth).await;
}

/// The disk of the archive goes away while a file is put there: the put waits for what the test writes.
#[cfg(unix)]
#[tokio::test]
async fn what_was_put_beside_the_archive_still_waits() {
    use std::io::Write as _;

    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.ship().await;
    let (mark, aside) = (
        house.archive().join("rapport-archive"),
        dir.path().join("aside"),
    );
    let path = "files/uploads/1";
    let place = house.scribe.spool.place_of(path);
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&place).status();
    assert!(made.unwrap().success());
    let (pipe, from, to) = (place.clone(), mark.clone(), aside.clone());
    let goes_away = std::thread::spawn(move || {
        let mut pipe = std::fs::File::options().write(true).open(pipe).unwrap();
        std::fs::rename(from, to).unwrap();
        pipe.write_all(b"upload").unwrap();
    });

    let error = house
        .shipper
        .move_there(path, place.clone())
        .await
        .unwrap_err();

    goes_away.join().unwrap();
    assert!(
        error.to_string().contains("is its disk mounted?"),
        "{error}"
    );
    assert!(place.exists());
}
