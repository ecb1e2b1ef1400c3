//! How many events a second are taken in durably, and how long a batch waits for its answer.

use std::{
    fs,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use super::{
    http::Connection,
    kept,
    server::{Place, build, fresh_folder},
};
use crate::{
    server::{Process, free_port},
    workspace::Workspace,
};

const N_CLIENTS: usize = 4;
const N_EVENTS: usize = 100;
const LASTS: Duration = Duration::from_secs(30);
/// What is asked of two cores.
const GOAL: f64 = 20_000.0;

/// What one client has seen.
struct Sent {
    n_events: usize,
    waits: Vec<Duration>,
    n_refused: usize,
}

pub(super) fn run(workspace: &Workspace, database: Option<&str>) -> Result<()> {
    let binary = build(workspace)?;
    let folder = fresh_folder(workspace, "events")?;
    let place = Place {
        binary,
        data: folder.join("data"),
        database: database.map(str::to_owned),
    };
    let key = kept::write_key(place.rapport())?;
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
    let server = Process::serve_with(place.rapport(), address, &folder.join("server.log"))?;

    let started = Instant::now();
    let clients: Vec<_> = (0..N_CLIENTS)
        .map(|client| {
            let key = key.clone();
            thread::spawn(move || send_all(address, &key, client))
        })
        .collect();
    let mut all = Vec::new();
    for client in clients {
        all.push(client.join().expect("a client does not panic")?);
    }
    let seconds = started.elapsed().as_secs_f64();
    drop(server);
    print(&all, seconds);
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Sends batches over one connection, each after the answer to the one before.
fn send_all(address: SocketAddr, key: &str, client: usize) -> Result<Sent> {
    let mut connection = Connection::open(address)?;
    let mut sent = Sent {
        n_events: 0,
        waits: Vec::new(),
        n_refused: 0,
    };
    let started = Instant::now();
    while started.elapsed() < LASTS {
        let body = batch(key, client, sent.waits.len() + sent.n_refused);
        let begun = Instant::now();
        match connection.ask("POST", "/v1/batch", &[], &body)?.status {
            200 => {
                sent.waits.push(begun.elapsed());
                sent.n_events += N_EVENTS;
            }
            429 => {
                sent.n_refused += 1;
                thread::sleep(Duration::from_millis(100));
            }
            other => bail!("the server answered {other}"),
        }
    }
    Ok(sent)
}

/// Track calls of a few hundred bytes, each with a key of its own.
fn batch(key: &str, client: usize, number: usize) -> String {
    let events: Vec<String> = (0..N_EVENTS)
        .map(|idx| {
            format!(
                r#"{{"type":"track","event":"Product Viewed","userId":"user-{}","messageId":"bench-{client}-{number}-{idx}","properties":{{"product_id":"p-{idx}","category":"Lamps","price":19.9,"currency":"EUR"}},"context":{{"library":{{"name":"analytics-node","version":"2.3.0"}},"locale":"en-GB"}}}}"#,
                (number * N_EVENTS + idx) % 5_000
            )
        })
        .collect();
    format!(r#"{{"writeKey":"{key}","batch":[{}]}}"#, events.join(","))
}

fn print(all: &[Sent], seconds: f64) {
    let n_events: usize = all.iter().map(|sent| sent.n_events).sum();
    let n_refused: usize = all.iter().map(|sent| sent.n_refused).sum();
    let mut waits: Vec<Duration> = all.iter().flat_map(|sent| sent.waits.clone()).collect();
    waits.sort();
    let wait = |share: f64| {
        let idx = (waits.len() as f64 * share) as usize;
        let wait = waits.get(idx.min(waits.len().saturating_sub(1)));
        wait.map_or(f64::NAN, |wait| wait.as_secs_f64() * 1e3)
    };
    println!("| Figure | Goal | Measured |");
    println!("|---|---|---|");
    println!(
        "| events a second, {N_CLIENTS} clients, batches of {N_EVENTS} | {GOAL:.0} | {:.0} |",
        n_events as f64 / seconds
    );
    println!("| wait for an answer, median | – | {:.1} ms |", wait(0.5));
    println!(
        "| wait for an answer, 99 of 100 | – | {:.1} ms |",
        wait(0.99)
    );
    println!("| batches told to come later | – | {n_refused} |");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_json_with_keys_of_its_own() {
        let read = |number| -> serde_json::Value {
            serde_json::from_str(&batch("wk_1", 0, number)).unwrap()
        };
        let (first, second) = (read(0), read(1));

        assert_eq!(first["batch"].as_array().unwrap().len(), N_EVENTS);
        assert_ne!(
            first["batch"][0]["messageId"],
            second["batch"][0]["messageId"]
        );
    }
}
