//! One connection: the few commands that reading needs.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::io::{AsyncWriteExt as _, BufReader};

use crate::login::Capabilities;
use crate::reply::{self, Reply, Word};
use crate::{Account, Dial, Line, MailboxError, Stream, folder_name};

/// A folder of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its name, those of the folders around it before it.
    pub name: String,
    /// Whether it holds messages, and not only other folders.
    pub is_open: bool,
}

/// A message as the server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its number in the folder.
    pub uid: u32,
    /// When it came into the mailbox, as `27-Nov-2026 09:30:00 +0000`; empty where the server does not say.
    pub came_at: String,
    /// Headers and text.
    pub bytes: Vec<u8>,
    /// Whether it is longer than is kept.
    pub is_cut: bool,
}

/// Answers that come without being asked for are passed over; a server that says nothing else is broken.
const REPLIES_MAX: usize = 2_000_000;

/// Questions that a server may ask within a command.
const QUESTIONS_MAX: usize = 10;

pub(crate) struct Session {
    stream: BufReader<Box<dyn Stream>>,
    n_commands: u32,
    patience: Duration,
    letter_max: usize,
    /// Whether the connection was an open one before, so that nothing counts that was told there.
    is_upgraded: bool,
}

impl Session {
    /// Connects and logs in.
    pub(crate) async fn open(
        dial: &impl Dial,
        account: &Account,
        patience: Duration,
        letter_max: usize,
    ) -> Result<Self, MailboxError> {
        let Line { stream, is_greeted } = within(patience, dial.dial()).await?;
        let mut session = Self {
            stream: BufReader::with_capacity(64 * 1024, stream),
            n_commands: 0,
            patience,
            letter_max,
            is_upgraded: is_greeted,
        };
        if is_greeted {
            session.log_in(account, dial.place(), None).await?;
            return Ok(session);
        }
        let greeting = session.reply().await?;
        match greeting.status() {
            Ok(()) => {
                let told = Capabilities::of_greeting(&greeting);
                session.log_in(account, dial.place(), told).await?;
            }
            Err(_) if greeting.text.to_ascii_uppercase().starts_with("PREAUTH") => {}
            Err(reason) => {
                let command = "the connection";
                return Err(MailboxError::Refused { command, reason });
            }
        }
        Ok(session)
    }

    /// Whether the connection was an open one before.
    pub(crate) fn is_upgraded(&self) -> bool {
        self.is_upgraded
    }

    /// What the server says that it can do.
    pub(crate) async fn capabilities(&mut self) -> Result<Capabilities, MailboxError> {
        let done = self.run("CAPABILITY").await?.done("CAPABILITY")?;
        Ok(Capabilities::of_answer(&done).unwrap_or_default())
    }

    /// The folders of the mailbox.
    pub(crate) async fn folders(&mut self) -> Result<Vec<Folder>, MailboxError> {
        let done = self.run("LIST \"\" \"*\"").await?.done("LIST")?;
        let folder = |reply: Reply| {
            let words = reply.words();
            words.first().filter(|word| word.is_atom("LIST"))?;
            let name = words.last()?.text();
            let is_closed = words
                .iter()
                .any(|it| it.is_atom("\\Noselect") || it.is_atom("\\NonExistent"));
            Some(Folder {
                name: folder_name::decode(&name),
                is_open: !is_closed,
            })
        };
        Ok(done.into_iter().filter_map(folder).collect())
    }

    /// Opens a folder to be read and not changed; returns its UIDVALIDITY.
    pub(crate) async fn examine(&mut self, folder: &str) -> Result<u32, MailboxError> {
        let name = folder_name::encode(folder);
        let done = self.run(&format!("EXAMINE {}", quoted(&name))).await?;
        if let Err(reason) = done.status {
            let folder = folder.to_owned();
            return Err(MailboxError::Folder { folder, reason });
        }
        let told = done.replies.iter().find_map(|reply| {
            let upper = reply.text.to_ascii_uppercase();
            let (_, rest) = upper.split_once("[UIDVALIDITY ")?;
            rest.split_once(']')?.0.trim().parse().ok()
        });
        told.ok_or_else(|| MailboxError::Protocol {
            reason: "it gives no UIDVALIDITY, without which messages cannot be told apart"
                .to_owned(),
        })
    }

    /// The numbers of the messages after one, in order. A server that has none there answers with its
    /// last message all the same (RFC 9051, section 6.4.4).
    pub(crate) async fn uids_after(&mut self, last: u32) -> Result<Vec<u32>, MailboxError> {
        let Some(next) = last.checked_add(1) else {
            return Ok(Vec::new());
        };
        let mut uids = self.search(&format!("{next}:*")).await?;
        uids.retain(|uid| *uid > last);
        Ok(uids)
    }

    /// Those of some messages that are there.
    pub(crate) async fn search(&mut self, set: &str) -> Result<Vec<u32>, MailboxError> {
        let command = format!("UID SEARCH UID {set}");
        let done = self.run(&command).await?.done("UID SEARCH")?;
        let mut uids = Vec::new();
        for reply in done {
            let mut words = reply.text.split_ascii_whitespace();
            if words
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case("SEARCH"))
            {
                uids.extend(words.filter_map(|word| word.parse::<u32>().ok()));
            }
        }
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// Fetches messages by their numbers. Which of them the server gave is for the caller to see.
    ///
    /// # Errors
    /// As a value, the server's reason where it refuses; as an error where the connection is over.
    pub(crate) async fn fetch(
        &mut self,
        uids: &[u32],
    ) -> Result<(BTreeMap<u32, Letter>, Result<(), String>), MailboxError> {
        let set: Vec<String> = uids.iter().map(u32::to_string).collect();
        let command = format!(
            "UID FETCH {} (UID INTERNALDATE BODY.PEEK[]<0.{}>)",
            set.join(","),
            self.letter_max
        );
        let done = self.run(&command).await?;
        let letter_max = self.letter_max;
        let letters = done
            .replies
            .into_iter()
            .filter_map(|it| letter(it, letter_max));
        let letters = letters.map(|letter| (letter.uid, letter));
        Ok((letters.collect(), done.status))
    }

    /// Says good-bye; whether the server does, too, matters to nobody.
    pub(crate) async fn close(mut self) {
        let _ = self.run("LOGOUT").await;
    }

    async fn run(&mut self, command: &str) -> Result<Done, MailboxError> {
        let tag = self.next_tag();
        self.send(format!("{tag} {command}\r\n").as_bytes()).await?;
        self.answers(&tag).await
    }

    /// Runs a command whose arguments are any bytes: each goes as a literal, when the server asks for it.
    pub(crate) async fn run_with(&mut self, parts: [Vec<u8>; 3]) -> Result<Done, MailboxError> {
        let [command, first, second] = parts;
        let tag = self.next_tag();
        let mut line = format!("{tag} ").into_bytes();
        line.extend(command);
        let arguments = [&first, &second];
        if arguments.iter().all(|it| is_plain(it)) {
            let plain = arguments.map(|it| quoted(&String::from_utf8_lossy(it)));
            line.extend(plain.join(" ").into_bytes());
            line.extend(b"\r\n");
            self.send(&line).await?;
            return self.answers(&tag).await;
        }
        for (n, argument) in arguments.into_iter().enumerate() {
            let blank = if n > 0 { " " } else { "" };
            line.extend(format!("{blank}{{{}}}\r\n", argument.len()).into_bytes());
            self.send(&line).await?;
            let reply = self.reply().await?;
            if reply.tag != "+" {
                return Ok(Done {
                    status: reply.status().and(Err(reply.text.clone())),
                    replies: Vec::new(),
                });
            }
            line.clone_from(argument);
        }
        line.extend(b"\r\n");
        self.send(&line).await?;
        self.answers(&tag).await
    }

    fn next_tag(&mut self) -> String {
        self.n_commands += 1;
        format!("a{}", self.n_commands)
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), MailboxError> {
        let stream = self.stream.get_mut();
        within(self.patience, async {
            stream.write_all(bytes).await?;
            Ok(stream.flush().await?)
        })
        .await
    }

    /// All replies up to the one that ends a command.
    async fn answers(&mut self, tag: &str) -> Result<Done, MailboxError> {
        self.replies_to(tag, |_| String::new()).await
    }

    /// Runs a command that the server asks questions in; each is answered by a line.
    pub(crate) async fn converse(
        &mut self,
        command: &str,
        answer: impl FnMut(&str) -> String,
    ) -> Result<Done, MailboxError> {
        let tag = self.next_tag();
        self.send(format!("{tag} {command}\r\n").as_bytes()).await?;
        self.replies_to(&tag, answer).await
    }

    async fn replies_to(
        &mut self,
        tag: &str,
        mut answer: impl FnMut(&str) -> String,
    ) -> Result<Done, MailboxError> {
        let mut replies = Vec::new();
        let mut n_questions = 0;
        while replies.len() < REPLIES_MAX && n_questions < QUESTIONS_MAX {
            let reply = self.reply().await?;
            match reply.tag.as_str() {
                it if it == tag => {
                    let status = reply.status();
                    return Ok(Done { replies, status });
                }
                "+" => {
                    n_questions += 1;
                    let line = answer(&reply.text) + "\r\n";
                    self.send(line.as_bytes()).await?;
                }
                _ => replies.push(reply),
            }
        }
        Err(MailboxError::Protocol {
            reason: "a command does not end".to_owned(),
        })
    }

    async fn reply(&mut self) -> Result<Reply, MailboxError> {
        within(
            self.patience,
            reply::read(&mut self.stream, self.letter_max),
        )
        .await
    }
}

/// What a command brought.
pub(crate) struct Done {
    pub(crate) replies: Vec<Reply>,
    pub(crate) status: Result<(), String>,
}

impl Done {
    fn done(self, command: &'static str) -> Result<Vec<Reply>, MailboxError> {
        match self.status {
            Ok(()) => Ok(self.replies),
            Err(reason) => Err(MailboxError::Refused { command, reason }),
        }
    }
}

async fn within<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, MailboxError>>,
) -> Result<T, MailboxError> {
    match tokio::time::timeout(patience, work).await {
        Ok(result) => result,
        Err(_) => Err(MailboxError::Silent {
            seconds: patience.as_secs(),
        }),
    }
}

fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The message of a reply; none of one that tells of something else, such as of new flags.
fn letter(reply: Reply, letter_max: usize) -> Option<Letter> {
    let words = reply.words();
    let mut words = words.into_iter().skip(1);
    words.next().filter(|word| word.is_atom("FETCH"))?;
    let mut letter = Letter {
        uid: 0,
        came_at: String::new(),
        bytes: Vec::new(),
        is_cut: false,
    };
    let mut has_body = false;
    let mut depth = 0_u32;
    while let Some(word) = words.next() {
        match word {
            Word::Open => depth += 1,
            Word::Close => depth = depth.saturating_sub(1),
            // Names and values stand by turns in the outermost list; what is deeper is a value of others.
            Word::Atom(name) if depth == 1 => {
                let name = name.to_ascii_uppercase();
                if name == "UID" {
                    letter.uid = words.next()?.text().parse().ok()?;
                } else if name == "INTERNALDATE" {
                    letter.came_at = words.next()?.text().trim().to_owned();
                } else if name.starts_with("BODY[]")
                    && let Some(Word::Text(body)) = words.next()
                {
                    // What is exactly as long as was asked for may go on.
                    letter.is_cut = body.is_cut || body.bytes.len() >= letter_max;
                    letter.bytes = body.bytes;
                    has_body = true;
                }
            }
            Word::Atom(_) | Word::Text(_) => {}
        }
    }
    (has_body && letter.uid > 0).then_some(letter)
}
