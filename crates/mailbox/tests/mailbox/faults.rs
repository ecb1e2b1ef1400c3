//! Reading where everything breaks that can: every message once, and none lost in silence.

use rapport_mailbox::{MailboxError, Mark, Missed, SyncError, sync};

use crate::fake::{Fake, Fault, Kept, account, quick};

#[tokio::test]
async fn five_thousand_messages_come_once_each_over_a_connection_that_breaks_again_and_again() {
    let faults = [
        Fault::NoConnection,
        Fault::DropsInLetter(17),
        Fault::RefusesFetch,
        Fault::None,
        Fault::DropsAfterLetter(3),
        Fault::Repeats,
        Fault::LeavesOut(9),
        Fault::Babbles,
        Fault::DropsInLetter(0),
        Fault::None,
        Fault::IsSilent,
        Fault::DropsAfterLetter(5),
    ];
    let fake = Fake::with(5_200).failing(&faults);
    let mut kept = Kept::default();

    let told = sync(&fake, &account(), "INBOX", None, &quick(), &mut kept)
        .await
        .unwrap();

    assert!(fake.state().faults.is_empty(), "every fault was met");
    assert_eq!((told.n_seen, told.n_read, told.n_gone), (5_200, 5_200, 0));
    assert!(told.missed.is_empty());
    assert!(told.n_broken >= 6, "{}", told.n_broken);
    assert_eq!(kept.uids, (1..=5_200).collect::<Vec<u32>>());
    let letters: Vec<Vec<u8>> = fake.state().letters.values().cloned().collect();
    assert!(kept.bytes == letters, "every message is whole");
}

#[tokio::test]
async fn a_connection_that_never_lasts_for_more_than_three_messages_brings_them_all() {
    let fake = Fake::with(40);
    fake.state().lasts_for = Some(3);
    let mut kept = Kept::default();

    let told = sync(&fake, &account(), "INBOX", None, &quick(), &mut kept)
        .await
        .unwrap();

    assert_eq!(told.n_read, 40);
    assert_eq!(kept.uids, (1..=40).collect::<Vec<u32>>());
}

#[tokio::test]
async fn a_message_that_cannot_be_had_is_told_with_the_servers_reason_and_those_around_it_come() {
    let fake = Fake::with(10);
    fake.state().withheld.push(4);
    let mut kept = Kept::default();

    let told = sync(&fake, &account(), "INBOX", None, &quick(), &mut kept)
        .await
        .unwrap();

    let missed = Missed {
        uid: 4,
        reason: "[SERVERBUG] it cannot be read".to_owned(),
    };
    assert_eq!(told.missed, [missed]);
    assert_eq!((told.n_seen, told.n_read), (10, 9));
    assert!(!kept.uids.contains(&4));
}

#[tokio::test]
async fn a_message_that_is_deleted_meanwhile_is_counted_as_gone() {
    let fake = Fake::with(10).failing(&[Fault::Deletes(6)]);
    let mut kept = Kept::default();

    let told = sync(&fake, &account(), "INBOX", None, &quick(), &mut kept)
        .await
        .unwrap();

    assert_eq!((told.n_seen, told.n_read, told.n_gone), (10, 9, 1));
    assert!(told.missed.is_empty());
}

#[tokio::test]
async fn numbers_that_change_their_meaning_are_read_anew_and_said_so() {
    let fake = Fake::with(60);
    let mut kept = Kept::default();
    sync(&fake, &account(), "INBOX", None, &quick(), &mut kept)
        .await
        .unwrap();
    fake.state().faults.push_back(Fault::ChangesUidValidity);

    let told = sync(&fake, &account(), "INBOX", kept.mark, &quick(), &mut kept)
        .await
        .unwrap();

    assert!(told.is_anew);
    assert_eq!(told.n_read, 60);
    let mark = Mark {
        uid_validity: 8,
        last_uid: 60,
    };
    assert_eq!(told.mark, Some(mark));
    // They come again: whoever keeps them knows them by their keys.
    assert_eq!(kept.uids.len(), 120);
}

#[tokio::test]
async fn numbers_that_change_between_two_connections_are_read_anew_as_well() {
    let fake = Fake::with(120);
    let mut kept = Kept::default();
    let faults = [
        Fault::Repeats,
        Fault::DropsInLetter(5),
        Fault::ChangesUidValidity,
    ];
    fake.state().faults.extend(faults);

    let told = sync(&fake, &account(), "INBOX", None, &quick(), &mut kept)
        .await
        .unwrap();

    assert!(told.is_anew);
    let again: Vec<u32> = (1..=50).chain(1..=120).collect();
    assert_eq!(kept.uids, again);
}

#[tokio::test]
async fn attempts_that_bring_nothing_come_to_an_end_and_what_was_kept_stays() {
    let faults = [&[Fault::Repeats][..], &[Fault::DropsInLetter(1); 6]].concat();
    let fake = Fake::with(120).failing(&faults);
    let mut kept = Kept::default();

    let failed = sync(&fake, &account(), "INBOX", None, &quick(), &mut kept).await;
    let kept_before = kept.uids.len();
    let told = sync(&fake, &account(), "INBOX", kept.mark, &quick(), &mut kept)
        .await
        .unwrap();

    assert!(
        matches!(failed, Err(SyncError::Mailbox(MailboxError::Connection(_)))),
        "{failed:?}"
    );
    assert_eq!(kept_before, 50);
    assert_eq!(told.n_read, 70);
    assert_eq!(kept.uids, (1..=120).collect::<Vec<u32>>());
}

#[tokio::test]
async fn what_could_not_be_kept_comes_again() {
    let fake = Fake::with(120);
    let mut kept = Kept {
        fails_at: Some(1),
        ..Kept::default()
    };

    let failed = sync(&fake, &account(), "INBOX", None, &quick(), &mut kept).await;
    kept.fails_at = None;
    sync(&fake, &account(), "INBOX", kept.mark, &quick(), &mut kept)
        .await
        .unwrap();

    assert!(matches!(failed, Err(SyncError::Keep(_))));
    assert_eq!(kept.uids, (1..=120).collect::<Vec<u32>>());
}
