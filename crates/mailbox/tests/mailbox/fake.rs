//! A mail server in memory, with faults that are planted.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rapport_mailbox::{
    Account, Batch, Credential, Dial, Keep, Line, MailboxError, Mark, Options, Secret, Stream,
};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use crate::keys;

/// What becomes of the encryption of a connection that begins as an open one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Upgrade {
    /// It is offered and done.
    #[default]
    Done,
    /// Somebody between has stripped the offer.
    Stripped,
    /// It is offered and refused.
    Refused,
    /// Words follow the answer in the open, to be taken for words of the server.
    Injected,
    /// The greeting says that one is logged in already.
    LoggedIn,
    /// The certificate is another host's.
    OtherHost,
}

/// What a server makes of a token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum TokenConduct {
    /// Takes it.
    #[default]
    Takes,
    /// Tells why it does not, and then refuses.
    Refuses,
}

/// What goes wrong, once each, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing: a batch comes as it should.
    None,
    /// The connection is refused.
    NoConnection,
    /// The connection ends within the so-manieth message of a fetch.
    DropsInLetter(usize),
    /// The connection ends after the so-manieth message, between two replies.
    DropsAfterLetter(usize),
    /// A fetch is answered with NO.
    RefusesFetch,
    /// A fetch gives each message twice, and new flags of others between them.
    Repeats,
    /// A fetch leaves the so-manieth message out and says OK.
    LeavesOut(usize),
    /// The server says nothing any more.
    IsSilent,
    /// The server says what is no IMAP.
    Babbles,
    /// All numbers of the folder change their meaning before the next time that it is opened.
    ChangesUidValidity,
    /// A message is deleted when it is about to be fetched.
    Deletes(u32),
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) uid_validity: u32,
    pub(crate) letters: BTreeMap<u32, Vec<u8>>,
    /// The connection ends after so many messages, always.
    pub(crate) lasts_for: Option<usize>,
    /// Messages that are never given.
    pub(crate) withheld: Vec<u32>,
    pub(crate) faults: VecDeque<Fault>,
    /// Every command as it came.
    pub(crate) commands: Vec<String>,
    pub(crate) n_connections: usize,
    /// What the server says that it can do, beside what is always there.
    pub(crate) abilities: String,
    pub(crate) upgrade: Upgrade,
    pub(crate) token: TokenConduct,
    /// Answers to questions of `AUTHENTICATE`, as they came.
    pub(crate) answers: Vec<String>,
}

/// The server, and the way to it.
#[derive(Debug, Clone)]
pub(crate) struct Fake(pub(crate) Arc<Mutex<State>>);

impl Fake {
    /// A server with messages from 1 to `n`.
    pub(crate) fn with(n: u32) -> Self {
        let letter = |uid: u32| {
            let text = format!(
                "Message-ID: <{uid}@x.example>\r\nFrom: p{uid}@x.example\r\nSubject: No. {uid}\r\n\r\n\
                 {{5}}\r\nFrom {uid} (\"x\r\na1 OK\r\n"
            );
            (uid, text.into_bytes())
        };
        Self(Arc::new(Mutex::new(State {
            uid_validity: 7,
            letters: (1..=n).map(letter).collect(),
            ..State::default()
        })))
    }

    pub(crate) fn failing(self, faults: &[Fault]) -> Self {
        self.0.lock().unwrap().faults.extend(faults);
        self
    }

    pub(crate) fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Takes the next fault where it is one of these.
    fn fault(&self, is_due: impl Fn(Fault) -> bool) -> Option<Fault> {
        let mut state = self.state();
        let next = state.faults.front().copied().filter(|it| is_due(*it))?;
        state.faults.pop_front();
        Some(next)
    }

    pub(crate) async fn serve(self, stream: Box<dyn Stream>) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let upgrade = self.state().upgrade;
        let greeting = match upgrade {
            Upgrade::LoggedIn => "* PREAUTH welcome back\r\n".to_owned(),
            _ => "* OK here\r\n".to_owned(),
        };
        stream.write_all(greeting.as_bytes()).await?;
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            self.state().commands.push(line.trim_end().to_owned());
            let (tag, command) = line.trim_end().split_once(' ').unwrap_or_default();
            if command == "STARTTLS" && upgrade != Upgrade::Refused {
                let answer = match upgrade {
                    Upgrade::Injected => format!("{tag} OK go on\r\n* CAPABILITY IMAP4rev1\r\n"),
                    _ => format!("{tag} OK go on\r\n"),
                };
                stream.write_all(answer.as_bytes()).await?;
                let encrypted = keys::acceptor().accept(stream.into_inner()).await?;
                self.state().commands.push("(encrypted)".to_owned());
                stream = BufReader::new(Box::new(encrypted));
                continue;
            }
            if let Some(rest) = command.strip_prefix("AUTHENTICATE ") {
                let status = self.authenticate(rest, &mut stream).await?;
                stream
                    .write_all(format!("{tag} {status}\r\n").as_bytes())
                    .await?;
                continue;
            }
            let answer = self.answer(command);
            let Some(mut answer) = answer else {
                // A literal follows.
                let n = command
                    .rsplit_once('{')
                    .unwrap()
                    .1
                    .trim_end_matches('}')
                    .parse()
                    .unwrap();
                stream.write_all(b"+ go on\r\n").await?;
                let mut literal = vec![0; n];
                stream.read_exact(&mut literal).await?;
                let literal = String::from_utf8(literal).unwrap();
                self.state().commands.push(format!("literal {literal}"));
                let mut rest = String::new();
                stream.read_line(&mut rest).await?;
                if let Some((_, n)) = rest.trim_end().rsplit_once('{') {
                    stream.write_all(b"+ go on\r\n").await?;
                    let mut literal = vec![0; n.trim_end_matches('}').parse().unwrap()];
                    stream.read_exact(&mut literal).await?;
                    let literal = String::from_utf8(literal).unwrap();
                    self.state().commands.push(format!("literal {literal}"));
                    stream.read_line(&mut rest).await?;
                }
                stream
                    .write_all(format!("{tag} OK done\r\n").as_bytes())
                    .await?;
                continue;
            };
            if answer.is_silent {
                std::future::pending::<()>().await;
            }
            if let Some(at) = answer.ends_at {
                answer.bytes.truncate(at);
                stream.write_all(&answer.bytes).await?;
                return Ok(());
            }
            answer
                .bytes
                .extend(format!("{tag} {}\r\n", answer.status).into_bytes());
            stream.write_all(&answer.bytes).await?;
        }
    }

    async fn authenticate(
        &self,
        rest: &str,
        stream: &mut BufReader<Box<dyn Stream>>,
    ) -> std::io::Result<&'static str> {
        let mut ask = async |question: &str| {
            stream
                .write_all(format!("+ {question}\r\n").as_bytes())
                .await?;
            let mut answer = String::new();
            stream.read_line(&mut answer).await?;
            self.state().answers.push(answer.trim_end().to_owned());
            std::io::Result::Ok(())
        };
        if !rest.contains(' ') {
            ask("").await?;
        }
        if self.state().token == TokenConduct::Takes {
            return Ok("OK welcome");
        }
        // {"status":"invalid_token"}
        ask("eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=").await?;
        Ok("NO [AUTHENTICATIONFAILED] no")
    }

    fn answer(&self, command: &str) -> Option<Answer> {
        let upper = command.to_uppercase();
        if upper.starts_with("LOGIN {") {
            return None;
        }
        let mut answer = Answer::ok();
        if upper.starts_with("LOGIN") && upper.contains("WRONG") {
            answer.status = "NO [AUTHENTICATIONFAILED] no such password".to_owned();
        } else if upper == "CAPABILITY" {
            let (abilities, upgrade) = {
                let state = self.state();
                (state.abilities.clone(), state.upgrade)
            };
            let offer = match upgrade {
                Upgrade::Stripped => "",
                _ => " STARTTLS",
            };
            answer.say(&format!("* CAPABILITY IMAP4rev1{offer} {abilities}\r\n"));
        } else if upper == "STARTTLS" {
            answer.status = "NO not today".to_owned();
        } else if upper.starts_with("LIST") {
            answer.say(
                "* LIST (\\HasNoChildren) \"/\" INBOX\r\n* LIST (\\Noselect) \"/\" \"[Gmail]\"\r\n\
                        * LIST () \"/\" \"&XfJT0ZAB-\"\r\n",
            );
        } else if upper.starts_with("EXAMINE") {
            if self.fault(|it| it == Fault::ChangesUidValidity).is_some() {
                self.state().uid_validity += 1;
            }
            let validity = self.state().uid_validity;
            if command.contains("Nowhere") {
                answer.status = "NO no such folder".to_owned();
            } else {
                answer.say(&format!(
                    "* FLAGS (\\Seen)\r\n* 9 EXISTS\r\n* OK [UIDVALIDITY {validity}] valid\r\n"
                ));
            }
        } else if let Some(set) = upper.strip_prefix("UID SEARCH UID ") {
            answer.say(&self.search(set));
        } else if let Some(rest) = upper.strip_prefix("UID FETCH ") {
            let set = rest.split(' ').next().unwrap();
            let uids: Vec<u32> = set.split(',').map(|it| it.parse().unwrap()).collect();
            self.fetch(&uids, &mut answer);
        }
        Some(answer)
    }

    fn search(&self, set: &str) -> String {
        let state = self.state();
        let found: Vec<u32> = match set.split_once(':') {
            Some((first, _)) => {
                let first: u32 = first.parse().unwrap();
                let after: Vec<u32> = state.letters.range(first..).map(|(uid, _)| *uid).collect();
                // A range that ends with `*` always has the last message in it.
                let last = state.letters.keys().next_back().copied();
                if after.is_empty() {
                    last.into_iter().collect()
                } else {
                    after
                }
            }
            None => {
                let uid = set.parse().unwrap();
                state
                    .letters
                    .contains_key(&uid)
                    .then_some(uid)
                    .into_iter()
                    .collect()
            }
        };
        let found: Vec<String> = found.iter().map(u32::to_string).collect();
        format!("* SEARCH {}\r\n", found.join(" "))
    }

    fn fetch(&self, uids: &[u32], answer: &mut Answer) {
        let fault = self.fault(|it| match it {
            Fault::Deletes(uid) => uids.contains(&uid),
            Fault::NoConnection | Fault::ChangesUidValidity => false,
            // What is fetched alone is fetched because something went wrong with its batch.
            _ => uids.len() > 1,
        });
        if let Some(Fault::Deletes(uid)) = fault {
            self.state().letters.remove(&uid);
        }
        if fault == Some(Fault::IsSilent) {
            answer.is_silent = true;
        }
        if fault == Some(Fault::Babbles) {
            answer.say(
                "* 1 FETCH (BODY[] {99999999999999999999}\r\nHTTP/1.1 400 Bad Request\r\n\0\0",
            );
            answer.ends_at = Some(answer.bytes.len());
            return;
        }
        if fault == Some(Fault::RefusesFetch) {
            answer.status = "NO [UNAVAILABLE] come back later".to_owned();
            return;
        }
        let state = self.state();
        for (n, uid) in uids.iter().enumerate() {
            let Some(letter) = state.letters.get(uid) else {
                continue;
            };
            if state.withheld.contains(uid) {
                answer.status = "NO [SERVERBUG] it cannot be read".to_owned();
                continue;
            }
            if fault == Some(Fault::LeavesOut(n)) {
                continue;
            }
            let begin = answer.bytes.len();
            answer.letter(*uid, letter);
            match fault {
                Some(Fault::Repeats) => {
                    answer.say(&format!(
                        "* {uid} FETCH (FLAGS (\\Seen) UID {uid})\r\n* 10 EXISTS\r\n"
                    ));
                    answer.letter(*uid, letter);
                }
                Some(Fault::DropsInLetter(at)) if at == n => {
                    answer.ends_at = Some((begin + answer.bytes.len()) / 2);
                }
                Some(Fault::DropsAfterLetter(at)) if at == n => {
                    answer.ends_at = Some(answer.bytes.len());
                }
                _ => {}
            }
            if state.lasts_for == Some(n) {
                answer.ends_at = Some(begin);
                return;
            }
        }
    }
}

struct Answer {
    bytes: Vec<u8>,
    status: String,
    ends_at: Option<usize>,
    is_silent: bool,
}

impl Answer {
    fn ok() -> Self {
        Self {
            bytes: Vec::new(),
            status: "OK done".to_owned(),
            ends_at: None,
            is_silent: false,
        }
    }

    fn say(&mut self, text: &str) {
        self.bytes.extend(text.as_bytes());
    }

    fn letter(&mut self, uid: u32, letter: &[u8]) {
        self.say(&format!(
            "* {uid} FETCH (UID {uid} INTERNALDATE \"27-Nov-2026 09:30:00 +0000\" BODY[]<0> {{{}}}\r\n",
            letter.len()
        ));
        self.bytes.extend(letter);
        self.say(")\r\n");
    }
}

impl Dial for Fake {
    async fn dial(&self) -> Result<Line, MailboxError> {
        self.state().n_connections += 1;
        if self.fault(|it| it == Fault::NoConnection).is_some() {
            return Err(std::io::Error::from(std::io::ErrorKind::ConnectionRefused).into());
        }
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        tokio::spawn(self.clone().serve(Box::new(theirs)));
        Ok(Line {
            stream: Box::new(ours),
            is_greeted: false,
        })
    }

    fn place(&self) -> (&str, u16) {
        match self.state().upgrade {
            Upgrade::OtherHost => ("other.example", 143),
            _ => ("mail.house.example", 143),
        }
    }
}

pub(crate) fn account() -> Account {
    Account {
        user: "me@house.example".to_owned(),
        credential: Credential::Password(Secret::new("pass \"word\"".to_owned())),
    }
}

/// As ever, without waits that anybody notices.
pub(crate) fn quick() -> Options {
    Options {
        patience: Duration::from_millis(200),
        first_wait: Duration::from_millis(1),
        wait_max: Duration::from_millis(2),
        ..Options::default()
    }
}

/// What was kept, as a store would: batches and the mark of the last one.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) uids: Vec<u32>,
    pub(crate) bytes: Vec<Vec<u8>>,
    pub(crate) mark: Option<Mark>,
    /// Fails when the so-manieth batch is to be kept.
    pub(crate) fails_at: Option<usize>,
    pub(crate) n_batches: usize,
}

impl Keep for Kept {
    type Error = String;

    async fn keep(&mut self, batch: Batch) -> Result<(), String> {
        if self.fails_at == Some(self.n_batches) {
            return Err("the disk is full".to_owned());
        }
        self.n_batches += 1;
        self.mark = Some(batch.mark);
        for letter in batch.letters {
            self.uids.push(letter.uid);
            self.bytes.push(letter.bytes);
        }
        Ok(())
    }
}
