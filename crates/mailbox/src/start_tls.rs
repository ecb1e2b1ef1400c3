//! From an open connection to an encrypted one (RFC 9051, section 6.2.1; RFC 2595).
//!
//! Whoever stands between may strip the offer, refuse the command, say that one is logged in already, or slip
//! words of its own in before the encryption so that they are taken for words of the server after it. Each of
//! these ends the connection; none leads back to an open one, and nothing secret was said yet.

use rustls::pki_types::ServerName;
use tokio::io::{AsyncWriteExt as _, BufReader};

use crate::dial::{Line, Stream};
use crate::reply::{self, Reply};
use crate::{MailboxError, Outside};

/// Bytes that a server may say before it is encrypted.
const LITERAL_MAX: usize = 1_000;
/// Replies that it may say to one command.
const REPLIES_MAX: usize = 50;

/// Encrypts a connection whose server has not said anything yet.
pub(crate) async fn upgrade(
    stream: Box<dyn Stream>,
    name: ServerName<'static>,
    outside: &Outside,
) -> Result<Line, MailboxError> {
    let mut stream = BufReader::new(stream);
    let greeting = reply::read(&mut stream, LITERAL_MAX).await?;
    if greeting.text.to_ascii_uppercase().starts_with("PREAUTH") {
        return Err(refused(
            "it says that one is logged in already, after which nothing can be encrypted",
        ));
    }
    if let Err(reason) = greeting.status() {
        let command = "the connection";
        return Err(MailboxError::Refused { command, reason });
    }
    let (told, status) = ask(&mut stream, "s1", "CAPABILITY").await?;
    let offers = told.iter().any(|reply| {
        let mut words = reply.text.split_ascii_whitespace();
        let is_capability = words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case("CAPABILITY"));
        is_capability && words.any(|word| word.eq_ignore_ascii_case("STARTTLS"))
    });
    if status.is_err() || !offers {
        return Err(refused("it does not offer STARTTLS"));
    }
    let (_, status) = ask(&mut stream, "s2", "STARTTLS").await?;
    if let Err(reason) = status {
        return Err(refused(&format!("it refuses STARTTLS: {reason}")));
    }
    // What came with the answer came before the encryption, and would be read after it (CVE-2011-0411).
    if !stream.buffer().is_empty() {
        return Err(refused(
            "somebody has said more between its answer and the encryption",
        ));
    }
    Ok(Line {
        stream: outside.encrypt(name, stream.into_inner()).await?,
        is_greeted: true,
    })
}

/// Runs a command and hands out what was said up to its end.
async fn ask(
    stream: &mut BufReader<Box<dyn Stream>>,
    tag: &str,
    command: &str,
) -> Result<(Vec<Reply>, Result<(), String>), MailboxError> {
    let line = format!("{tag} {command}\r\n");
    stream.get_mut().write_all(line.as_bytes()).await?;
    stream.get_mut().flush().await?;
    let mut replies = Vec::new();
    while replies.len() < REPLIES_MAX {
        let reply = reply::read(stream, LITERAL_MAX).await?;
        if reply.tag == tag {
            let status = reply.status();
            return Ok((replies, status));
        }
        replies.push(reply);
    }
    Err(MailboxError::Protocol {
        reason: "a command does not end".to_owned(),
    })
}

fn refused(reason: &str) -> MailboxError {
    MailboxError::NotEncrypted {
        reason: reason.to_owned(),
    }
}
