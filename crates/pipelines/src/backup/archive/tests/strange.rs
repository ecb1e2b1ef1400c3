//! Data directories that were put back to an earlier state or copied, so that there is more than one past.

use super::*;

/// Copies a folder as a program for backups does: with the times of its files.
fn copy_folder(from: &Path, to: &Path) {
    for file in files_below(from) {
        let (source, target) = (from.join(&file), to.join(&file));
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&source, &target).unwrap();
        let modified = std::fs::metadata(&source).unwrap().modified().unwrap();
        let copy = std::fs::File::options().write(true).open(&target).unwrap();
        copy.set_modified(modified).unwrap();
    }
}

/// Writes and takes a state of it.
async fn write(house: &mut House, name: &str) -> Truth {
    house.wait(10);
    house.add_contact(name).await;
    house.tick().await;
    house.truth().await
}

async fn is_refused(house: &mut House, reason: &str) {
    let error = house.shipper.ship_all().await.unwrap_err().to_string();
    assert!(error.contains(reason), "{error}");
}

#[tokio::test]
async fn a_data_directory_that_was_put_back_begins_anew_and_both_pasts_come_back() {
    let dir = TempDir::new().unwrap();
    let mut house = House::begun(dir.path()).await;
    house.import("shop", 5).await;
    write(&mut house, "Ada").await;
    house.ship().await;
    let closed = house.close().await;
    let aside = dir.path().join("aside");
    copy_folder(&closed.data_dir(), &aside);

    let mut house = closed.open().await;
    let lost = write(&mut house, "Bo").await;
    house.ship().await;
    let closed = house.close().await;
    std::fs::remove_dir_all(closed.data_dir()).unwrap();
    copy_folder(&aside, &closed.data_dir());
    let mut house = closed.open().await;
    write(&mut house, "Cy").await;
    is_refused(&mut house, "knows nothing of").await;
    let present = write(&mut house, "Di").await;
    house.ship().await;

    assert_eq!(house.problems().await, [""; 0]);
    house.check(lost.at, &lost).await;
    house.check(present.at, &present).await;
    let next = write(&mut house, "Ed").await;
    house.ship().await;
    house.check(next.at, &next).await;
}

#[cfg(unix)]
#[tokio::test]
async fn of_two_that_ship_to_one_archive_the_one_that_began_last_has_it() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut first = House::begun(dir.path()).await;
    write(&mut first, "Ada").await;
    first.ship().await;
    let copy = place(other.path().join("data"));
    restore(&first.address(), None, &copy, &mut |_| {})
        .await
        .unwrap();
    std::os::unix::fs::symlink(first.archive(), other.path().join("archive")).unwrap();

    let mut second = House::open(other.path()).await;
    second.wait(3600);
    second.tick().await;
    second.ship().await;
    write(&mut first, "Bo").await;
    is_refused(&mut first, "began later").await;
    let truth = write(&mut second, "Cy").await;
    second.ship().await;
    second.check(truth.at, &truth).await;

    // The first one starts again.
    let mut first = first.reopen().await;
    first.wait(7200);
    write(&mut first, "Di").await;
    is_refused(&mut first, "knows nothing of").await;
    let latest = write(&mut first, "Ed").await;
    first.ship().await;
    write(&mut second, "Flo").await;
    is_refused(&mut second, "began later").await;

    assert_eq!(first.problems().await, [""; 0]);
    first.check(truth.at, &truth).await;
    first.check(latest.at, &latest).await;
}

#[cfg(unix)]
#[tokio::test]
async fn another_past_between_two_generations_that_wait_is_seen() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut first = House::begun(dir.path()).await;
    write(&mut first, "Ada").await;
    first.ship().await;
    let copy = place(other.path().join("data"));
    restore(&first.address(), None, &copy, &mut |_| {})
        .await
        .unwrap();
    std::os::unix::fs::symlink(first.archive(), other.path().join("archive")).unwrap();
    let mut second = House::open(other.path()).await;
    second.wait(3600);
    second.tick().await;
    second.ship().await;
    let foreign = second.truth().await;

    // The first one does not hear of it before it begins a generation later than that.
    write(&mut first, "Bo").await;
    first.wait(7200);
    first.begin().await;
    let mut first = first.reopen().await;
    is_refused(&mut first, "knows nothing of").await;
    let present = write(&mut first, "Cy").await;
    first.ship().await;

    assert_eq!(first.problems().await, [""; 0]);
    first.check(foreign.at, &foreign).await;
    first.check(present.at, &present).await;
}

#[tokio::test]
async fn a_piece_of_another_past_is_not_put_onto_this_one() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let house = House::begun(dir.path()).await;
    let state = house.scribe.spool.state();
    let closed = house.close().await;
    let elsewhere = Closed {
        root: other.path().to_owned(),
        ..closed.clone()
    };
    copy_folder(&closed.data_dir(), &elsewhere.data_dir());
    let text = std::fs::read_to_string(&state).unwrap();
    let text = text.replace(dir.path().to_str().unwrap(), other.path().to_str().unwrap());
    let below = state.strip_prefix(dir.path()).unwrap();
    std::fs::write(other.path().join(below), text).unwrap();

    let mut pieces = Vec::new();
    for (closed, name) in [(closed, "Ada"), (elsewhere, "Bo")] {
        let mut house = closed.open().await;
        write(&mut house, name).await;
        write(&mut house, name).await;
        house.ship().await;
        let folder = house.archive().join("generations");
        pieces.push(folder.join(&files_below(&folder)[3]));
        house.close().await;
    }
    let target = pieces[0].with_file_name(pieces[1].file_name().unwrap());
    std::fs::remove_file(&pieces[0]).unwrap();
    std::fs::copy(&pieces[1], &target).unwrap();

    let address = options(dir.path()).address;
    let found = verify(&address, &mut |_| {}).await.unwrap();
    let into = TempDir::new().unwrap();
    let restoring = restore(
        &address,
        None,
        &place(into.path().join("data")),
        &mut |_| {},
    )
    .await;

    let problem = found.verdict.problems[0].to_string();
    assert!(problem.contains("does not come after"), "{problem}");
    let error = restoring.unwrap_err().to_string();
    assert!(error.contains("does not come after"), "{error}");
    assert_eq!(files_below(into.path()), [""; 0]);
}
