//! Access tokens: shown as the server takes them, and fetched anew over HTTPS alone.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rapport_mailbox::{
    Account, Credential, MailboxError, Outside, RefreshGrant, Secret, Tokens, folders, refresh,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::fake::{Fake, TokenConduct, account, quick};
use crate::keys;

const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_860_000, 0).unwrap();

fn by_token() -> Account {
    Account {
        user: "me@house.example".to_owned(),
        credential: Credential::Token(Secret::new("ya29.token".to_owned())),
    }
}

/// n,a=me@house.example,^Ahost=mail.house.example^Aport=143^Aauth=Bearer ya29.token^A^A
const BEARER: &str = "bixhPW1lQGhvdXNlLmV4YW1wbGUsAWhvc3Q9bWFpbC5ob3VzZS5leGFtcGxlAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHlhMjkudG9rZW4BAQ==";
/// user=me@house.example^Aauth=Bearer ya29.token^A^A
const XOAUTH2: &str = "dXNlcj1tZUBob3VzZS5leGFtcGxlAWF1dGg9QmVhcmVyIHlhMjkudG9rZW4BAQ==";

#[tokio::test]
async fn a_token_is_shown_by_the_best_way_that_the_server_knows() {
    for (abilities, command, answers) in [
        (
            "SASL-IR AUTH=XOAUTH2 AUTH=OAUTHBEARER",
            format!("AUTHENTICATE OAUTHBEARER {BEARER}"),
            vec![],
        ),
        (
            "AUTH=OAUTHBEARER",
            "AUTHENTICATE OAUTHBEARER".to_owned(),
            vec![BEARER],
        ),
        (
            "AUTH=XOAUTH2 SASL-IR",
            format!("AUTHENTICATE XOAUTH2 {XOAUTH2}"),
            vec![],
        ),
        (
            "AUTH=XOAUTH2",
            "AUTHENTICATE XOAUTH2".to_owned(),
            vec![XOAUTH2],
        ),
    ] {
        let fake = Fake::with(1);
        fake.state().abilities = abilities.to_owned();

        folders(&fake, &by_token(), &quick()).await.unwrap();

        let state = fake.state();
        assert!(
            state.commands[1].ends_with(&command),
            "{:?}",
            state.commands
        );
        assert_eq!(state.answers, answers, "{abilities}");
    }
}

#[tokio::test]
async fn a_refused_token_is_told_with_the_servers_reason_and_the_conversation_is_ended_as_it_should()
 {
    for (abilities, end) in [
        ("SASL-IR AUTH=OAUTHBEARER", "AQ=="),
        ("SASL-IR AUTH=XOAUTH2", ""),
    ] {
        let fake = Fake::with(1);
        fake.state().abilities = abilities.to_owned();
        fake.state().token = TokenConduct::Refuses;

        let failed = folders(&fake, &by_token(), &quick()).await.unwrap_err();

        assert_eq!(failed.code(), "login");
        assert!(failed.to_string().contains("invalid_token"), "{failed}");
        assert!(!failed.to_string().contains("ya29"), "{failed}");
        assert_eq!(fake.state().answers, [end]);
    }
}

#[tokio::test]
async fn neither_token_nor_password_goes_to_a_server_that_says_that_it_takes_none() {
    let fake = Fake::with(1);
    let token = folders(&fake, &by_token(), &quick()).await.unwrap_err();
    assert!(token.to_string().contains("takes no tokens"), "{token}");
    assert!(!fake.state().commands.join(" ").contains("AUTHENTICATE"));

    let fake = Fake::with(1);
    fake.state().abilities = "LOGINDISABLED".to_owned();
    let dial = rapport_mailbox::StartTls::new(fake.clone(), keys::outside()).unwrap();
    let password = folders(&dial, &account(), &quick()).await.unwrap_err();
    assert!(
        password.to_string().contains("takes no passwords"),
        "{password}"
    );
    assert!(!fake.state().commands.join(" ").contains("a2 LOGIN"));
}

/// An endpoint that answers once; what it was asked.
async fn endpoint(answer: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let Ok(mut stream) = keys::acceptor().accept(stream).await else {
            return String::new();
        };
        let mut asked = vec![0; 4_096];
        let mut n = 0;
        while !String::from_utf8_lossy(&asked[..n]).contains("client_id") {
            n += stream.read(&mut asked[n..]).await.unwrap();
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        String::from_utf8_lossy(&asked[..n]).into_owned()
    });
    (port, asked)
}

fn grant(endpoint: String) -> RefreshGrant {
    RefreshGrant {
        endpoint,
        client_id: "rapport & co".to_owned(),
        client_secret: Some(Secret::new("c=1".to_owned())),
        refresh_token: Secret::new("1//old".to_owned()),
    }
}

async fn ask(outside: &Outside, address: String) -> Result<Tokens, MailboxError> {
    refresh(outside, &grant(address), NOW, Duration::from_secs(5)).await
}

#[tokio::test]
async fn a_token_that_has_run_out_is_fetched_anew_and_another_refresh_token_is_handed_on() {
    let (port, asked) = endpoint(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\
         21\r\n{\"access_token\":\"new\",\"expires_in\r\n22\r\n\":600,\"refresh_token\":\"1//next\"}  \r\n0\r\n\r\n",
    )
    .await;

    let tokens = ask(
        &keys::outside(),
        format!("https://localhost:{port}/token?v=2"),
    )
    .await
    .unwrap();

    let asked = asked.await.unwrap();
    assert!(asked.starts_with("POST /token?v=2 HTTP/1.1\r\n"), "{asked}");
    let form = "grant_type=refresh_token&refresh_token=1%2F%2Fold&client_id=rapport+%26+co&client_secret=c%3D1";
    assert!(asked.ends_with(form), "{asked}");
    assert_eq!(tokens.access_token.expose(), "new");
    assert_eq!(tokens.refresh_token.unwrap().expose(), "1//next");
    assert_eq!((tokens.expires_at - NOW).num_seconds(), 600);
}

#[tokio::test]
async fn a_revoked_grant_is_told_from_an_endpoint_that_is_down() {
    let (port, _) = endpoint(
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 25\r\n\r\n{\"error\":\"invalid_grant\"}",
    )
    .await;
    let revoked = ask(&keys::outside(), format!("https://localhost:{port}/"))
        .await
        .unwrap_err();
    let (port, _) = endpoint("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n").await;
    let down = ask(&keys::outside(), format!("https://localhost:{port}/"))
        .await
        .unwrap_err();

    assert_eq!(
        (revoked.code(), revoked.reason().as_str()),
        ("token", "invalid_grant")
    );
    assert_eq!(down.code(), "token_endpoint");
}

#[tokio::test]
async fn a_refresh_token_goes_to_no_endpoint_without_a_trusted_certificate() {
    let (port, asked) = endpoint("HTTP/1.1 200 OK\r\n\r\n").await;

    let open = ask(&keys::outside(), format!("http://localhost:{port}/"))
        .await
        .unwrap_err();
    let unknown = ask(&Outside::anywhere(), format!("https://localhost:{port}/"))
        .await
        .unwrap_err();

    assert_eq!(open.code(), "bad_host");
    assert_eq!(unknown.code(), "certificate");
    assert_eq!(asked.await.unwrap(), "");
}
