//! Reading as it goes where nothing breaks.

use rapport_mailbox::{
    Account, Credential, MailboxError, Options, Secret, SyncError, folders, sync,
};

use crate::fake::{Fake, Kept, account, quick};

#[tokio::test]
async fn messages_are_read_once_and_the_next_time_only_new_ones() {
    let fake = Fake::with(120);
    let mut kept = Kept::default();

    let first = sync(&fake, &account(), "INBOX", None, &quick(), &mut kept)
        .await
        .unwrap();
    fake.state()
        .letters
        .insert(500, b"Subject: new\r\n\r\nx".to_vec());
    let second = sync(&fake, &account(), "INBOX", kept.mark, &quick(), &mut kept)
        .await
        .unwrap();
    let third = sync(&fake, &account(), "INBOX", kept.mark, &quick(), &mut kept)
        .await
        .unwrap();

    assert_eq!((first.n_seen, first.n_read), (120, 120));
    assert_eq!((second.n_seen, second.n_read), (1, 1));
    assert_eq!((third.n_seen, third.mark), (0, second.mark));
    let expected: Vec<u32> = (1..=120).chain([500]).collect();
    assert_eq!(kept.uids, expected);
    let letters: Vec<Vec<u8>> = fake.state().letters.values().cloned().collect();
    assert_eq!(kept.bytes, letters);
}

#[tokio::test]
async fn nothing_is_marked_as_read_or_changed() {
    let fake = Fake::with(3);

    sync(
        &fake,
        &account(),
        "INBOX",
        None,
        &quick(),
        &mut Kept::default(),
    )
    .await
    .unwrap();

    let commands = fake.state().commands.join("\n");
    assert!(commands.contains("EXAMINE \"INBOX\""), "{commands}");
    for word in ["SELECT", "STORE", "EXPUNGE", "BODY[]", "RFC822 "] {
        assert!(!commands.contains(word), "{commands}");
    }
}

#[tokio::test]
async fn a_long_message_is_cut_and_says_so() {
    let fake = Fake::with(1);
    fake.state().letters.insert(2, vec![b'x'; 100_000]);
    let options = Options {
        letter_bytes_max: 1_000,
        ..quick()
    };
    let mut kept = Kept::default();

    let told = sync(&fake, &account(), "INBOX", None, &options, &mut kept)
        .await
        .unwrap();

    assert_eq!(told.n_read, 2);
    assert_eq!(kept.bytes[1].len(), 1_000);
}

#[tokio::test]
async fn folders_have_the_names_that_people_gave_them() {
    let found = folders(&Fake::with(1), &account(), &quick()).await.unwrap();

    let names: Vec<_> = found
        .iter()
        .map(|it| (it.name.as_str(), it.is_open))
        .collect();
    assert_eq!(
        names,
        [("INBOX", true), ("[Gmail]", false), ("已发送", true)]
    );
}

#[tokio::test]
async fn a_password_of_any_letters_is_sent_and_shown_nowhere() {
    let fake = Fake::with(1);
    let account = Account {
        user: "me@house.example".to_owned(),
        credential: Credential::Password(Secret::new("密码".to_owned())),
    };

    sync(
        &fake,
        &account,
        "INBOX",
        None,
        &quick(),
        &mut Kept::default(),
    )
    .await
    .unwrap();

    assert!(fake.state().commands.contains(&"literal 密码".to_owned()));
    assert!(!format!("{account:?}").contains("密码"));
}

#[tokio::test]
async fn a_wrong_password_or_folder_is_told_at_once() {
    let fake = Fake::with(1);
    let wrong = Account {
        user: "me@house.example".to_owned(),
        credential: Credential::Password(Secret::new("wrong".to_owned())),
    };

    let login = sync(&fake, &wrong, "INBOX", None, &quick(), &mut Kept::default()).await;
    let folder = sync(
        &fake,
        &account(),
        "Nowhere",
        None,
        &quick(),
        &mut Kept::default(),
    )
    .await;

    let Err(SyncError::Mailbox(MailboxError::Login { reason })) = login else {
        panic!("{login:?}");
    };
    assert!(reason.contains("no such password"));
    assert!(matches!(
        folder,
        Err(SyncError::Mailbox(MailboxError::Folder { .. }))
    ));
    assert_eq!(fake.state().n_connections, 2);
}
