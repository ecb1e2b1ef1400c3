//! What a server has kept of the events that were sent to it: each of them is to be found once, whatever
//! happened on the way.
//!
//! Three witnesses are heard that do not know of each other: the timelines of the contacts name every
//! event, the ledger counts what was stored, and the measurements count the rows in files and in the inbox.

use std::{
    net::SocketAddr,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{browser::Browser, http::Connection};
use crate::tool::Tool;

/// Who signs in where a server is put to the proof.
const EMAIL: &str = "ann@example.com";
/// The largest page of a list.
const PAGE: usize = 500;
/// Where the users of events have their mail; whoever else is there is found elsewhere.
const HOST: &str = "users.example.com";
/// How long events may wait for their files and people for their contacts: both are looked at every half
/// minute.
const SETTLES_WITHIN: Duration = Duration::from_mins(5);
const LOOK: Duration = Duration::from_millis(500);

/// Makes a data directory with somebody who signs in; answers the password.
pub(super) fn init(rapport: Tool) -> Result<String> {
    let said = rapport.args(["init", "--email", EMAIL]).output()?;
    let line = said.lines().find(|line| line.contains("password"));
    let password = line.and_then(|line| line.split_whitespace().last());
    Ok(password
        .context("`rapport init` printed no password")?
        .to_owned())
}

/// Makes a source, and the key that its events are sent with.
pub(super) fn write_key(rapport: Tool) -> Result<String> {
    let said = rapport
        .args(["source", "key", "--name", "bench"])
        .output()?;
    let key = said.split_whitespace().last();
    Ok(key
        .context("`rapport source key` printed nothing")?
        .to_owned())
}

/// Signs in whom [`init`] has made.
pub(super) fn sign_in(address: SocketAddr, password: &str) -> Result<Browser> {
    Browser::sign_in(address, EMAIL, password)
}

/// An event: which client sent it, in which batch, at which place. Its text is its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) client: usize,
    pub(super) batch: usize,
    pub(super) idx: usize,
}

impl Key {
    pub(super) fn text(self) -> String {
        format!("event-{}-{}-{}", self.client, self.batch, self.idx)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.strip_prefix("event-")?.split('-').map(str::parse);
        let mut next = || numbers.next()?.ok();
        let key = Self {
            client: next()?,
            batch: next()?,
            idx: next()?,
        };
        numbers.next().is_none().then_some(key)
    }
}

/// Somebody whom events are about.
pub(super) fn user(idx: usize) -> String {
    format!("user-{idx}")
}

/// Makes contacts of so many users, by identify calls, and waits for them.
pub(super) fn introduce(browser: &mut Browser, write_key: &str, n_users: usize) -> Result<()> {
    let calls: Vec<Value> = (0..n_users)
        .map(|idx| {
            json!({"type": "identify", "userId": user(idx), "messageId": format!("hello-{idx}"),
                   "traits": {"email": format!("user{idx}@{HOST}"), "name": format!("User {idx}")}})
        })
        .collect();
    let body = json!({"writeKey": write_key, "batch": calls}).to_string();
    let answer = browser.connection.ask("POST", "/v1/batch", &[], &body)?;
    if answer.status != 200 {
        bail!("the identify calls were answered {}", answer.status);
    }
    let started = Instant::now();
    while contacts(browser)?.len() != n_users {
        if started.elapsed() > SETTLES_WITHIN {
            bail!("identify calls of {n_users} people have not made as many contacts");
        }
        thread::sleep(LOOK);
    }
    Ok(())
}

/// The ids of the users.
fn contacts(browser: &mut Browser) -> Result<Vec<String>> {
    let path = format!("contacts?limit={PAGE}&filter=email:contains:{HOST}");
    let page = browser.read(&path)?;
    let contacts = page["contacts"].as_array().context("a list of contacts")?;
    let ids = contacts.iter().filter_map(|contact| contact["id"].as_str());
    Ok(ids.map(str::to_owned).collect())
}

/// How often each event of the clients was found.
#[derive(Debug)]
pub(super) struct Tally {
    /// Batches of each client, and how often each event of them was found.
    counts: Vec<Vec<u8>>,
    n_per_batch: usize,
}

impl Tally {
    /// Of clients that have sent so many batches each.
    pub(super) fn new(n_batches: &[usize], n_per_batch: usize) -> Self {
        let counts = n_batches.iter().map(|n| vec![0; n * n_per_batch]).collect();
        Self {
            counts,
            n_per_batch,
        }
    }

    pub(super) fn n_events(&self) -> usize {
        self.counts.iter().map(Vec::len).sum()
    }

    pub(super) fn n_lost(&self) -> usize {
        self.count(|n| n == 0)
    }

    pub(super) fn n_doubled(&self) -> usize {
        self.count(|n| n > 1)
    }

    fn count(&self, is_meant: impl Fn(u8) -> bool) -> usize {
        let all = self.counts.iter().flatten();
        all.filter(|n| is_meant(**n)).count()
    }

    /// Counts an event; one that nobody sent is an error.
    fn note(&mut self, title: &str) -> Result<()> {
        let n_per_batch = self.n_per_batch;
        let place = Key::parse(title).filter(|key| key.idx < n_per_batch);
        let count = place.and_then(|key| {
            let of_client = self.counts.get_mut(key.client)?;
            of_client.get_mut(key.batch * n_per_batch + key.idx)
        });
        let count = count.with_context(|| format!("nobody has sent `{title}`"))?;
        *count = count.saturating_add(1);
        Ok(())
    }

    /// Reads the timelines of all contacts to their ends.
    fn read(&mut self, browser: &mut Browser) -> Result<()> {
        for contact in contacts(browser)? {
            let mut cursor = String::new();
            loop {
                let path = format!("contacts/{contact}/timeline?limit={PAGE}{cursor}");
                let page = browser.read(&path)?;
                let entries = page["entries"].as_array().context("a timeline")?;
                for entry in entries {
                    let title = entry["title"].as_str().unwrap_or_default();
                    // What made the contact has no title.
                    if !title.is_empty() {
                        self.note(title)?;
                    }
                }
                match page["meta"]["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
        }
        Ok(())
    }
}

/// What the witnesses say.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) tally: Tally,
    /// Events stored and events that came again, by the ledger.
    pub(super) n_stored: u64,
    pub(super) n_duplicate: u64,
    /// Whether each day of the ledger adds up.
    is_complete: bool,
    /// Rows in files.
    n_rows: u64,
    /// Events that are no track calls: one for each user.
    n_others: u64,
}

impl Kept {
    /// Hears them, once the inbox is empty and events of all users have found their contacts.
    pub(super) fn hear(
        address: SocketAddr,
        password: &str,
        (n_batches, n_per_batch): (&[usize], usize),
        n_users: usize,
    ) -> Result<Self> {
        let started = Instant::now();
        loop {
            let kept = Self::look(address, password, (n_batches, n_per_batch), n_users)?;
            if kept.is_sound() || started.elapsed() > SETTLES_WITHIN {
                return Ok(kept);
            }
        }
    }

    fn look(
        address: SocketAddr,
        password: &str,
        (n_batches, n_per_batch): (&[usize], usize),
        n_users: usize,
    ) -> Result<Self> {
        let n_rows = wait_for_files(address)?;
        let mut browser = sign_in(address, password)?;
        let mut tally = Tally::new(n_batches, n_per_batch);
        tally.read(&mut browser)?;
        let ledger = browser.read("ledger")?;
        let days = ledger["days"].as_array().context("days of the ledger")?;
        let days: Vec<&Value> = days
            .iter()
            .filter(|day| day["channel"] == "events")
            .collect();
        let sum = |name: &str| days.iter().filter_map(|day| day[name].as_u64()).sum();
        Ok(Self {
            tally,
            n_stored: sum("stored"),
            n_duplicate: sum("duplicate"),
            is_complete: days.iter().all(|day| day["is_complete"] == true),
            n_rows,
            n_others: n_users as u64,
        })
    }

    fn n_expected(&self) -> u64 {
        self.tally.n_events() as u64 + self.n_others
    }

    /// Whether each event was found once and all witnesses agree.
    pub(super) fn is_sound(&self) -> bool {
        let n_expected = self.n_expected();
        self.tally.n_lost() == 0
            && self.tally.n_doubled() == 0
            && self.is_complete
            && self.n_stored == n_expected
            && self.n_rows == n_expected
    }

    /// Rows of a table that say what was found.
    pub(super) fn print(&self) {
        let n_expected = self.n_expected();
        for (name, goal, found) in [
            ("acknowledged events lost", 0, self.tally.n_lost() as u64),
            ("events doubled", 0, self.tally.n_doubled() as u64),
            ("events by the ledger", n_expected, self.n_stored),
            ("events in the files", n_expected, self.n_rows),
        ] {
            println!("| {name} | {goal} | {found} |");
        }
        let adds_up = if self.is_complete { "yes" } else { "no" };
        println!("| the ledger adds up | yes | {adds_up} |");
    }
}

/// Waits until the inbox is empty; answers how many events the files hold.
fn wait_for_files(address: SocketAddr) -> Result<u64> {
    let started = Instant::now();
    let mut connection = Connection::open(address)?;
    loop {
        let page = connection.ask("GET", "/metrics", &[], "")?;
        let page = String::from_utf8(page.body).context("measurements are text")?;
        let gauge = |name: &str| {
            let line = page.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|rest| rest.trim().parse::<u64>().ok());
            number.with_context(|| format!("`{name}` is missing in the measurements"))
        };
        if gauge("rapport_inbox_events ")? == 0 {
            return gauge("rapport_lake_events ");
        }
        if started.elapsed() > SETTLES_WITHIN {
            bail!("the inbox is not empty yet");
        }
        thread::sleep(LOOK);
    }
}

/// The lines of a log that tell of failures.
pub(super) fn failures_in(log: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(log).context("reading the server's log")?;
    let is_failure = |line: &&str| line.contains(" ERROR ") || line.contains("panicked at");
    Ok(text.lines().filter(is_failure).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key {
        client: 1,
        batch: 20,
        idx: 3,
    };

    #[test]
    fn a_key_is_read_back_from_its_text() {
        assert_eq!(Key::parse(&KEY.text()), Some(KEY));
        for other in ["", "event-1-2", "event-1-2-x", "event-1-2-3-4"] {
            assert_eq!(Key::parse(other), None);
        }
    }

    #[test]
    fn what_is_found_never_or_twice_is_told() {
        let mut tally = Tally::new(&[1, 1], 2);
        for title in ["event-0-0-0", "event-0-0-1", "event-1-0-1", "event-1-0-1"] {
            tally.note(title).unwrap();
        }

        assert_eq!(tally.n_events(), 4);
        assert_eq!((tally.n_lost(), tally.n_doubled()), (1, 1));
        assert!(tally.note("event-0-0-2").is_err());
        assert!(tally.note("event-2-0-0").is_err());
    }
}
