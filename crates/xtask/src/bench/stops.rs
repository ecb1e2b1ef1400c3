//! What people and programs notice where PostgreSQL is stopped and started beneath a server at work.
//!
//! Clients send events, people list, read and create contacts, and files are imported, all the time. What
//! cannot be done is answered 503 with the time to wait; what was acknowledged is there afterwards, once;
//! the server and its jobs go on by themselves.

use std::{
    collections::HashMap,
    fs,
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{
    browser::Browser,
    http::{Answer, Connection},
    kept::{self, Kept},
    options::Options,
    sender::{PATIENCE, Sender, Sent, asks_for_patience},
    server::{fresh_folder, program},
};
use crate::{
    server::{Process, free_port, wait_until_ready},
    test::postgres::{Cluster, Durability, Stop},
    tool::Tool,
    workspace::Workspace,
};

pub(super) const OPTIONS: &[&str] = &["--stops", "--binary"];
const N_STOPS: u64 = 8;
const N_CLIENTS: usize = 2;
const N_PEOPLE: usize = 2;
const N_USERS: usize = 20;
/// Rows of a file that is imported while PostgreSQL stops.
const N_ROWS: usize = 5_000;
/// How long PostgreSQL runs between two stops, and how long it is away: mostly as long as a restart takes,
/// now and then longer than any request waits.
const RUNS: Duration = Duration::from_secs(3);
const AWAY: Duration = Duration::from_secs(3);
const LONG_AWAY: Duration = Duration::from_secs(45);
const STOPS_TO_A_LONG_ONE: u64 = 4;
/// How long a job may take in all.
const JOB_PATIENCE: Duration = Duration::from_mins(5);
const LOOK: Duration = Duration::from_millis(200);

pub(super) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let n_stops = options.number("--stops", N_STOPS)?;
    let binary = program(workspace, options)?;
    let cluster = Cluster::start(Durability::Full)?;
    let folder = fresh_folder(workspace, "postgres-stops")?;
    let rapport = || {
        Tool::new(&binary)
            .arg("--data-dir")
            .arg(folder.join("data"))
            .env("RAPPORT_DATABASE", cluster.address())
    };
    let password = kept::init(rapport())?;
    let write_key = kept::write_key(rapport())?;
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
    let server = Process::serve_with(rapport(), address, &folder.join("server.log"))?;
    let mut ann = kept::sign_in(address, &password)?;
    kept::introduce(&mut ann, &write_key, N_USERS)?;

    let stop = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let stop = &stop;
        let senders: Vec<_> = (0..N_CLIENTS)
            .map(|client| {
                let sender = Sender {
                    address,
                    write_key: write_key.clone(),
                    client,
                    n_events: N_USERS,
                    n_users: N_USERS,
                };
                scope.spawn(move || sender.send_until(stop, asks_for_patience))
            })
            .collect();
        let people: Vec<_> = (0..N_PEOPLE)
            .map(|number| {
                let person = Person::new(address, &ann, number);
                scope.spawn(move || person.work_until(stop))
            })
            .collect();
        let outages = stop_and_start(&cluster, address, n_stops, &mut ann);
        stop.store(true, Ordering::Relaxed);
        let sent: Result<Vec<Sent>> = senders
            .into_iter()
            .map(|sender| sender.join().expect("a client does not panic"))
            .collect();
        let done: Result<Vec<Done>> = people
            .into_iter()
            .map(|person| person.join().expect("a person does not panic"))
            .collect();
        Ok::<_, anyhow::Error>(Seen {
            outages: outages?,
            sent: sent?,
            done: done?,
        })
    })?;

    let n_batches: Vec<usize> = seen.sent.iter().map(|sent| sent.n_batches).collect();
    let kept = Kept::hear(address, &password, (&n_batches, N_USERS), N_USERS)?;
    let made = Made::count(&mut kept::sign_in(address, &password)?, &seen.done)?;
    drop(server);
    seen.print(n_stops, &made);
    kept.print();
    if !kept.is_sound() || made.n_lost > 0 || seen.n_broken() > 0 {
        bail!("something was lost; see {}", folder.display());
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// What an outage was like.
struct Outage {
    /// From when PostgreSQL took connections again until the server was ready.
    recovery: Duration,
}

/// Stops PostgreSQL in the middle of an import and starts it again, so many times; each import has to end
/// by itself with all of its rows.
fn stop_and_start(
    cluster: &Cluster,
    address: SocketAddr,
    n_stops: u64,
    ann: &mut Browser,
) -> Result<Vec<Outage>> {
    let mut outages = Vec::new();
    for number in 0..n_stops {
        let how = [Stop::Fast, Stop::Immediate][number as usize % 2];
        let is_long = number % STOPS_TO_A_LONG_ONE == STOPS_TO_A_LONG_ONE - 1;
        thread::sleep(RUNS);
        let import = start_import(ann, number)?;
        cluster.stop(how)?;
        thread::sleep(if is_long { LONG_AWAY } else { AWAY });
        cluster.start_again()?;
        let started = Instant::now();
        wait_until_ready(address)?;
        outages.push(Outage {
            recovery: started.elapsed(),
        });
        // Idle for so long, the server has ended the connection.
        ann.connection = Connection::open(address)?;
        wait_for_import(ann, &import)?;
    }
    Ok(outages)
}

/// Uploads a file of people and starts its import; answers its id.
fn start_import(ann: &mut Browser, number: u64) -> Result<String> {
    let mut rows = String::from("Customer ID,Name,Email\r\n");
    for idx in 0..N_ROWS {
        let id = format!("F{number}-{idx}");
        rows.push_str(&format!("{id},File {id},{id}@files.example.com\r\n"));
    }
    let form = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"file\"; \
         filename=\"people-{number}.csv\"\r\n\r\n{rows}\r\n--edge--\r\n"
    );
    let mut headers = ann.headers.clone();
    headers.push("content-type: multipart/form-data; boundary=edge".to_owned());
    let path = "/api/v1/imports";
    let answer = ann.connection.ask("POST", path, &headers, &form)?;
    let import: Value = serde_json::from_slice(&answer.body)?;
    let id = import["id"].as_str();
    let id = id.with_context(|| format!("the upload was answered {import}"))?;
    let run = ann.post(&format!("imports/{id}/run"), &json!({}))?;
    if run.status != 202 {
        bail!("the import was answered {}", run.status);
    }
    Ok(id.to_owned())
}

/// Waits until the import is done, with all of its rows.
fn wait_for_import(ann: &mut Browser, id: &str) -> Result<()> {
    let started = Instant::now();
    loop {
        let import = ann.read(&format!("imports/{id}"))?;
        if import["status"] == "done" {
            if import["counts"]["accepted"] != N_ROWS {
                bail!("an import took {} of {N_ROWS} rows", import["counts"]);
            }
            return Ok(());
        }
        if import["status"] == "failed" || started.elapsed() > JOB_PATIENCE {
            bail!(
                "an import is {} after the stop: {}",
                import["status"],
                import["error"]
            );
        }
        thread::sleep(LOOK);
    }
}

/// Somebody who lists and creates contacts, one request after the other.
struct Person {
    address: SocketAddr,
    headers: Vec<String>,
    number: usize,
    connection: Option<Connection>,
    done: Done,
}

/// What a person has done.
#[derive(Debug, Default)]
struct Done {
    /// Contacts that were created, by their answers.
    n_created: usize,
    n_read: usize,
    /// Requests that were told to come again, and such without an answer.
    n_refused: usize,
    n_broken: usize,
    wait_max: Duration,
}

impl Person {
    fn new(address: SocketAddr, ann: &Browser, number: usize) -> Self {
        Self {
            address,
            headers: ann.headers.clone(),
            number,
            connection: None,
            done: Done::default(),
        }
    }

    fn work_until(mut self, stop: &AtomicBool) -> Result<Done> {
        while !stop.load(Ordering::Relaxed) {
            let name = contact_name(self.number, self.done.n_created);
            let body = json!({"name": name}).to_string();
            // The same key until it is done, so that it is done once.
            let key = format!("idempotency-key: {name}");
            self.insist("POST", "/api/v1/contacts", Some(key), &body, 201)?;
            self.done.n_created += 1;
            for path in ["contacts?limit=50&sort=name", "home", "deals?limit=50"] {
                self.insist("GET", &format!("/api/v1/{path}"), None, "", 200)?;
                self.done.n_read += 1;
            }
        }
        Ok(self.done)
    }

    /// Asks until it is done.
    fn insist(
        &mut self,
        method: &str,
        path: &str,
        key: Option<String>,
        body: &str,
        wanted: u16,
    ) -> Result<()> {
        let mut headers = self.headers.clone();
        headers.extend(key);
        let first_asked = Instant::now();
        loop {
            let begun = Instant::now();
            let answer = self.ask(method, path, &headers, body);
            self.done.wait_max = self.done.wait_max.max(begun.elapsed());
            match answer {
                Ok(answer) if answer.status == wanted => return Ok(()),
                Ok(answer) => {
                    let is_under_way = answer.status == 409 && method == "POST";
                    if !is_under_way {
                        asks_for_patience(&answer).with_context(|| format!("{method} {path}"))?;
                    }
                    self.done.n_refused += 1;
                    thread::sleep(LOOK);
                }
                Err(_) => {
                    self.done.n_broken += 1;
                    self.connection = None;
                    thread::sleep(LOOK);
                }
            }
            if first_asked.elapsed() > PATIENCE {
                bail!(
                    "{method} {path} was not done within {} s",
                    PATIENCE.as_secs()
                );
            }
        }
    }

    fn ask(&mut self, method: &str, path: &str, headers: &[String], body: &str) -> Result<Answer> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => self.connection.insert(Connection::open(self.address)?),
        };
        connection.ask(method, path, headers, body)
    }
}

fn contact_name(person: usize, idx: usize) -> String {
    format!("made-{person}-{idx}")
}

/// The contacts that people have created.
struct Made {
    n_lost: usize,
    /// A request that was answered 503 may have been done, and is done again when it is sent again.
    n_doubled: usize,
}

impl Made {
    fn count(ann: &mut Browser, done: &[Done]) -> Result<Self> {
        let mut found: HashMap<String, usize> = HashMap::new();
        let mut cursor = String::new();
        loop {
            let path = format!("contacts?limit=500&filter=name:contains:made-{cursor}");
            let page = ann.read(&path)?;
            let contacts = page["contacts"].as_array().context("a list of contacts")?;
            for contact in contacts {
                let name = contact["name"].as_str().context("a contact has a name")?;
                *found.entry(name.to_owned()).or_default() += 1;
            }
            match page["meta"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let acknowledged = done.iter().enumerate().flat_map(|(person, done)| {
            (0..done.n_created).map(move |idx| contact_name(person, idx))
        });
        Ok(Self {
            n_lost: acknowledged
                .filter(|name| !found.contains_key(name))
                .count(),
            n_doubled: found.values().filter(|n| **n > 1).count(),
        })
    }
}

/// What all of them have seen.
struct Seen {
    outages: Vec<Outage>,
    sent: Vec<Sent>,
    done: Vec<Done>,
}

impl Seen {
    /// Requests whose connection broke: the server itself was there all the time.
    fn n_broken(&self) -> usize {
        let of_clients: usize = self.sent.iter().map(|sent| sent.n_broken).sum();
        let of_people: usize = self.done.iter().map(|done| done.n_broken).sum();
        of_clients + of_people
    }

    fn print(&self, n_stops: u64, made: &Made) {
        let n_refused: usize = self.sent.iter().map(|sent| sent.n_refused).sum();
        let n_told: usize = self.done.iter().map(|done| done.n_refused).sum();
        let n_created: usize = self.done.iter().map(|done| done.n_created).sum();
        let n_read: usize = self.done.iter().map(|done| done.n_read).sum();
        let waits = self.sent.iter().map(|sent| sent.wait_max);
        let waits = waits.chain(self.done.iter().map(|done| done.wait_max));
        let seconds = |durations: &mut dyn Iterator<Item = Duration>| {
            durations.max().unwrap_or_default().as_secs_f64()
        };
        let wait = seconds(&mut waits.into_iter());
        let recovery = seconds(&mut self.outages.iter().map(|outage| outage.recovery));
        println!("| Figure | Goal | Measured |");
        println!("|---|---|---|");
        println!("| stops, every other one immediate | – | {n_stops} |");
        println!("| longest time until the server was ready again | – | {recovery:.1} s |");
        println!("| longest wait for an answer of any kind | – | {wait:.1} s |");
        println!(
            "| answers that told to come later, all 503 or 429 with Retry-After | – | {} |",
            n_refused + n_told
        );
        println!("| requests without an answer | 0 | {} |", self.n_broken());
        println!("| lists and pages read | – | {n_read} |");
        println!("| contacts acknowledged | – | {n_created} |");
        println!("| of these lost | 0 | {} |", made.n_lost);
        println!("| of these there twice | – | {} |", made.n_doubled);
        println!(
            "| imports of {N_ROWS} rows that went on and ended | {n_stops} | {} |",
            self.outages.len()
        );
    }
}
