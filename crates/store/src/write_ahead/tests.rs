use std::path::{Path, PathBuf};

use rapport_domain::{Contact, IdGenerator, Timestamp};
use sea_orm::TransactionTrait as _;
use tempfile::TempDir;

use super::*;
use crate::sql::Sql;
use crate::{Checkpoints, StoreConfig, contacts};

/// A database that is followed, and what was put together of what was read.
struct Followed {
    directory: TempDir,
    store: Store,
    follower: Follower,
    ids: IdGenerator,
    position: Position,
    copy: Vec<u8>,
}

async fn open_store(directory: &Path) -> (Store, Follower) {
    let config = StoreConfig {
        checkpoints: Checkpoints::ByFollower,
        ..StoreConfig::in_directory(directory)
    };
    let store = Store::open(&config).await.unwrap();
    let follower = Follower::open(&store).await.unwrap().unwrap();
    (store, follower)
}

impl Followed {
    /// With all of the log in the file, and a copy of that.
    async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (store, follower) = open_store(directory.path()).await;
        let mut followed = Self {
            directory,
            store,
            follower,
            ids: IdGenerator::new(7),
            position: Position::Beginning,
            copy: Vec::new(),
        };
        followed.read().unwrap();
        followed.checkpoint().await;
        followed.copy = followed.file();
        followed
    }

    fn path(&self) -> PathBuf {
        self.follower.path().to_owned()
    }

    fn file(&self) -> Vec<u8> {
        std::fs::read(self.path()).unwrap()
    }

    async fn write(&self, n_contacts: usize) {
        let now = Timestamp::from_millis(1_790_000_000_000);
        for idx in 0..n_contacts {
            let name = format!("Ada {idx} {}", "King ".repeat(idx % 30));
            let contact = Contact::named(self.ids.next(now), &name, now);
            contacts::create(&self.store, contact).await.unwrap();
        }
    }

    /// Reads what was committed and puts it onto the copy.
    fn read(&mut self) -> Result<bool, LogError> {
        let mut reading = Reading::after(self.position, self.follower.path());
        reading.advance()?;
        self.put(&reading);
        Ok(!reading.is_empty())
    }

    fn put(&mut self, reading: &Reading) {
        let Some(n_pages) = reading.n_pages() else {
            return;
        };
        let size = reading.page_bytes() as usize;
        self.copy.resize(n_pages as usize * size, 0);
        let put = reading.each_page(|number, page| {
            let at = (number as usize - 1) * size;
            self.copy[at..at + size].copy_from_slice(page);
            Ok::<_, LogError>(())
        });
        put.unwrap();
        self.position = reading.position();
    }

    /// Moves the log into the file; whether that was all of it.
    async fn checkpoint(&mut self) -> bool {
        let pause = self.follower.pause().await.unwrap();
        self.read().unwrap();
        let is_all = self.follower.checkpoint(&pause).await.unwrap();
        if is_all {
            let file = Stamp::of(self.follower.path()).unwrap();
            self.position = self.position.moved(file);
        }
        is_all
    }
}

#[tokio::test]
async fn what_is_read_put_onto_the_file_is_the_state() {
    let mut followed = Followed::open().await;
    for round in 0..12 {
        followed.write(1 + round * 3).await;
        if round % 3 != 1 {
            assert!(followed.read().unwrap());
        }
        if round % 2 == 0 {
            assert!(followed.checkpoint().await);
            assert!(followed.copy == followed.file(), "round {round}");
        }
    }
    assert!(followed.checkpoint().await);
    assert!(!followed.read().unwrap());
    assert!(followed.copy == followed.file());
}

#[tokio::test]
async fn the_log_goes_on_behind_a_reader_that_holds_it() {
    let mut followed = Followed::open().await;
    followed.write(3).await;
    let reader = followed.store.reader().begin().await.unwrap();
    let mut sql = Sql::new(DbBackend::Sqlite);
    sql.push("SELECT count(*) FROM contacts");
    sql.one(&reader).await.unwrap();
    followed.write(3).await;

    assert!(!followed.checkpoint().await);
    followed.write(3).await;
    assert!(followed.read().unwrap());
    reader.rollback().await.unwrap();

    assert!(followed.checkpoint().await);
    assert!(followed.copy == followed.file());
    followed.write(3).await;
    assert!(followed.read().unwrap());
}

#[tokio::test]
async fn writers_wait_while_they_are_told_to_and_none_fails() {
    let followed = Followed::open().await;
    let pause = followed.follower.pause().await.unwrap();
    let writing = followed.write(5);
    tokio::pin!(writing);

    let early = tokio::time::timeout(std::time::Duration::from_millis(200), &mut writing).await;
    assert!(early.is_err(), "written in a pause");
    drop(pause);

    writing.await;
    // A pause that nobody waits for any more does not stop the writer.
    drop(tokio::time::timeout(std::time::Duration::ZERO, followed.follower.pause()).await);
    followed.write(1).await;
}

#[tokio::test]
async fn a_log_that_was_moved_unread_is_missed() {
    let mut followed = Followed::open().await;
    followed.write(3).await;
    followed.read().unwrap();
    followed.write(3).await;

    // All of it, the last three contacts unread; the next write begins the log anew.
    followed.follower.checkpoint_unread().await.unwrap();
    followed.write(1).await;

    let lost = followed.read().unwrap_err();
    assert!(matches!(lost, LogError::Lost), "{lost}");
}

#[tokio::test]
async fn a_log_that_begins_anew_twice_is_missed() {
    let mut followed = Followed::open().await;
    followed.write(1).await;
    assert!(followed.checkpoint().await);
    for _ in 0..2 {
        followed.write(1).await;
        followed.follower.checkpoint_unread().await.unwrap();
    }
    followed.write(1).await;

    let lost = followed.read().unwrap_err();
    assert!(matches!(lost, LogError::Lost), "{lost}");
}

#[tokio::test]
async fn what_others_wrote_behind_the_mark_and_moved_is_missed() {
    let mut followed = Followed::open().await;
    followed.write(1).await;
    let reader = followed.store.reader().begin().await.unwrap();
    let mut sql = Sql::new(DbBackend::Sqlite);
    sql.push("SELECT count(*) FROM contacts");
    sql.one(&reader).await.unwrap();
    assert!(followed.checkpoint().await);
    // The log cannot begin anew under the reader, so this comes behind the mark; the file grows by it.
    followed.write(200).await;
    reader.rollback().await.unwrap();
    followed.follower.checkpoint_unread().await.unwrap();
    followed.write(1).await;

    let lost = followed.read().unwrap_err();

    assert!(matches!(lost, LogError::Lost), "{lost}");
}

#[tokio::test]
async fn a_log_that_others_moved_and_cut_off_is_missed() {
    let mut followed = Followed::open().await;
    followed.write(1).await;
    assert!(followed.checkpoint().await);
    let log = log::path_beside(&followed.path());
    let whole = std::fs::read(&log).unwrap();
    // As it is for a moment when it begins anew.
    std::fs::write(&log, "").unwrap();
    assert!(!followed.read().unwrap());
    std::fs::write(&log, whole).unwrap();

    followed.write(200).await;
    followed.follower.checkpoint_unread().await.unwrap();
    std::fs::write(&log, "").unwrap();

    let lost = followed.read().unwrap_err();
    assert!(matches!(lost, LogError::Lost), "{lost}");
}

#[tokio::test]
async fn pages_that_were_written_over_are_not_handed_out() {
    let followed = Followed::open().await;
    followed.write(3).await;
    let mut reading = Reading::after(followed.position, followed.follower.path());
    reading.advance().unwrap();
    followed.follower.checkpoint_unread().await.unwrap();
    followed.write(1).await;

    let lost = reading.each_page(|_, _| Ok::<_, LogError>(()));

    assert!(matches!(lost, Err(LogError::Lost)), "{lost:?}");
}

#[tokio::test]
async fn what_is_not_whole_is_not_read() {
    let mut followed = Followed::open().await;
    followed.write(2).await;
    followed.read().unwrap();
    let (position, copy) = (followed.position, followed.copy.clone());
    followed.write(1).await;
    let log = log::path_beside(&followed.path());
    let whole = std::fs::read(&log).unwrap();
    let mut reading = Reading::after(position, followed.follower.path());
    reading.advance().unwrap();
    let end = reading.position().unmoved_bytes() as usize;

    for damage in [end - 1, end - 4096, end - 4096 - 24] {
        let mut damaged = whole.clone();
        damaged[damage] ^= 1;
        std::fs::write(&log, &damaged).unwrap();
        assert!(!followed.read().unwrap(), "byte {damage}");
        std::fs::write(&log, &whole[..damage]).unwrap();
        assert!(!followed.read().unwrap(), "cut at {damage}");
    }
    assert!(followed.copy == copy);
    std::fs::write(&log, &whole).unwrap();
    assert!(followed.read().unwrap());
}

#[tokio::test]
async fn after_a_close_in_order_the_file_is_where_the_log_begins() {
    let mut followed = Followed::open().await;
    followed.write(4).await;
    followed.read().unwrap();
    let Followed {
        directory,
        store,
        follower,
        ids,
        copy,
        ..
    } = followed;
    let path = follower.path().to_owned();

    follower.close().await;
    store.close().await;
    drop(store);
    let stamp = Stamp::of_closed(&path).unwrap().unwrap();
    assert!(std::fs::read(&path).unwrap() == copy);

    let (store, follower) = open_store(directory.path()).await;
    assert_eq!(Stamp::of(&path).unwrap(), stamp);
    let mut followed = Followed {
        directory,
        store,
        follower,
        ids,
        position: Position::Beginning,
        copy,
    };
    followed.write(4).await;
    assert!(followed.read().unwrap());
    assert!(followed.checkpoint().await);
    assert!(followed.copy == followed.file());
    assert_ne!(Stamp::of(&path).unwrap(), stamp);
}

#[tokio::test]
async fn a_store_that_moves_its_log_itself_is_not_followed() {
    let directory = tempfile::tempdir().unwrap();
    let config = StoreConfig::in_directory(directory.path());
    let store = Store::open(&config).await.unwrap();

    assert!(Follower::open(&store).await.unwrap().is_none());
}
