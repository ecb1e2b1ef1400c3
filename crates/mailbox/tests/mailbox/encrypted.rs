//! Connections that begin in the open: encrypted before anything secret is said, or not at all.

use rapport_mailbox::{
    Dial as _, MailboxError, Outside, Security, Server, StartTls, check, folders, sync,
};
use tokio::net::TcpListener;

use crate::fake::{Fake, Kept, Upgrade, account, quick};
use crate::keys;

fn upgrading(upgrade: Upgrade) -> (Fake, StartTls<Fake>) {
    let fake = Fake::with(60);
    fake.state().upgrade = upgrade;
    let dial = StartTls::new(fake.clone(), keys::outside()).unwrap();
    (fake, dial)
}

fn commands(fake: &Fake) -> String {
    fake.state().commands.join("\n")
}

#[tokio::test]
async fn the_account_is_named_after_the_encryption_and_what_was_told_before_is_asked_anew() {
    let (fake, dial) = upgrading(Upgrade::Done);
    let mut kept = Kept::default();

    let told = sync(&dial, &account(), "INBOX", None, &quick(), &mut kept)
        .await
        .unwrap();

    assert_eq!(told.n_read, 60);
    let commands = commands(&fake);
    let (open, encrypted) = commands.split_once("(encrypted)").unwrap();
    assert_eq!(open, "s1 CAPABILITY\ns2 STARTTLS\n");
    assert!(
        encrypted.starts_with("\na1 CAPABILITY\na2 LOGIN "),
        "{encrypted}"
    );
}

#[tokio::test]
async fn nothing_secret_is_said_where_somebody_between_keeps_the_connection_open() {
    for (upgrade, reason) in [
        (Upgrade::Stripped, "does not offer STARTTLS"),
        (Upgrade::Refused, "refuses STARTTLS: not today"),
        (Upgrade::Injected, "said more"),
        (Upgrade::LoggedIn, "logged in already"),
    ] {
        let (fake, dial) = upgrading(upgrade);

        let failed = sync(
            &dial,
            &account(),
            "INBOX",
            None,
            &quick(),
            &mut Kept::default(),
        )
        .await;

        let said = failed.unwrap_err().to_string();
        assert!(
            said.contains(reason) && said.contains("no password was sent"),
            "{said}"
        );
        assert_eq!(
            fake.state().n_connections,
            1,
            "{upgrade:?} is not tried again"
        );
        let commands = commands(&fake);
        assert!(!commands.contains("LOGIN"), "{commands}");
    }
}

#[tokio::test]
async fn a_certificate_of_another_host_or_of_an_unknown_authority_is_refused_before_the_password() {
    let (other, by_other) = upgrading(Upgrade::OtherHost);
    let unknown = Fake::with(1);
    let by_unknown = StartTls::new(unknown.clone(), Outside::anywhere()).unwrap();

    for (fake, dial) in [(other, by_other), (unknown, by_unknown)] {
        let failed = folders(&dial, &account(), &quick()).await.unwrap_err();

        assert_eq!(failed.code(), "certificate", "{failed}");
        assert!(!commands(&fake).contains("LOGIN"));
    }
}

#[tokio::test]
async fn a_server_of_the_network_is_reached_by_either_encryption_where_its_address_is_allowed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let fake = Fake::with(3);
    let serving = fake.clone();
    tokio::spawn(async move {
        for n in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            let serving = serving.clone();
            // The first comes with TLS, the second without.
            tokio::spawn(async move {
                if n == 0 {
                    let stream = keys::acceptor().accept(stream).await.unwrap();
                    let _ = serving.serve(Box::new(stream)).await;
                } else {
                    let _ = serving.serve(Box::new(stream)).await;
                }
            });
        }
    });
    let server = |security, outside| Server::new("localhost", port, security, outside).unwrap();

    let encrypted = server(Security::Tls, keys::outside());
    let found = check(&encrypted, &account(), &["INBOX".to_owned()], &quick()).await;
    assert_eq!(found.unwrap().len(), 3);
    let upgraded = server(Security::StartTls, keys::outside());
    assert_eq!(
        folders(&upgraded, &account(), &quick())
            .await
            .unwrap()
            .len(),
        3
    );
    let nowhere = server(Security::Tls, keys::outside().only(|_| false));
    let failed = nowhere.dial().await.unwrap_err();
    assert_eq!(failed.code(), "private_address", "{failed}");
}

#[tokio::test]
async fn what_is_wrong_with_a_connection_has_a_name_of_its_own() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let open = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = open.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = open.accept().await.unwrap();
        let _ = Fake::with(1).serve(Box::new(stream)).await;
    });
    let dial = async |host: &str, port| {
        let server = Server::new(host, port, Security::Tls, keys::outside())?;
        server.dial().await.map(|_| ())
    };
    let code = |failed: Result<(), MailboxError>| failed.unwrap_err().code();

    assert_eq!(code(dial("localhost", port).await), "nobody_listens");
    assert_eq!(code(dial("nowhere.invalid", 993).await), "unknown_host");
    assert_eq!(code(dial("no host", 993).await), "bad_host");
    assert_eq!(code(dial("localhost", plain).await), "not_encrypted");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named_by_the_check() {
    let wanted = ["INBOX".to_owned(), "Nowhere".to_owned()];

    let failed = check(&Fake::with(1), &account(), &wanted, &quick())
        .await
        .unwrap_err();

    assert_eq!(
        (failed.code(), failed.reason().as_str()),
        ("folder", "Nowhere")
    );
}
