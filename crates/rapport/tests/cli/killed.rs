//! Events that were acknowledged outlive kills of the server. `cargo xtask bench events-kill` is the same
//! with many more kills, moments of the start among them.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rapport_domain::{Currency, IdGenerator};
use rapport_pipelines::{Clock, OpenOptions, Workspace};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Server, rapport, run};

const N_KILLS: u64 = 8;
const N_CLIENTS: usize = 2;
/// Events of a batch.
const N_EVENTS: usize = 20;
/// Times that a client tries to send a batch, a hundredth of a second after each other.
const N_TRIES: usize = 6_000;

#[test]
fn acknowledged_events_outlive_kills_and_none_is_there_twice() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let key = write_key(&data);
    let server = Server::start(&data);
    let address = server.address.clone();

    let stop = AtomicBool::new(false);
    let n_batches: Vec<usize> = thread::scope(|scope| {
        let client = |client| {
            let (address, key, stop) = (&address, &key, &stop);
            scope.spawn(move || send_until(address, key, client, stop))
        };
        let clients: Vec<_> = (0..N_CLIENTS).map(client).collect();
        let mut server = server;
        for kill in 0..N_KILLS {
            thread::sleep(Duration::from_millis(50 + kill * 131 % 400));
            server.kill();
            server = Server::start_at(&address, &data);
        }
        stop.store(true, Ordering::Relaxed);
        let n_batches = clients.into_iter().map(|client| client.join().unwrap());
        let n_batches = n_batches.collect();
        server.stop();
        n_batches
    });

    let n_sent = (n_batches.iter().sum::<usize>() * N_EVENTS) as f64;
    assert!(n_sent > 0.0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Only the clients make such keys, so that as many different ones as were sent are those that were.
    assert_eq!(runtime.block_on(kept(&data)), (n_sent, n_sent));
}

fn write_key(data: &Path) -> String {
    let (output, errors) = run(rapport(data).args(["source", "key", "--name", "Shop"]));
    assert!(output.status.success(), "{errors}");
    let said = String::from_utf8(output.stdout).unwrap();
    said.split_whitespace().last().unwrap().to_owned()
}

/// Sends one batch after the other; answers how many were acknowledged.
fn send_until(address: &str, key: &str, client: usize, stop: &AtomicBool) -> usize {
    let mut n_batches = 0;
    while !stop.load(Ordering::Relaxed) {
        let event = |idx| {
            let message = format!("event-{client}-{n_batches}-{idx}");
            json!({"type": "track", "event": "Product Viewed", "userId": "u-1", "messageId": message})
        };
        let batch: Vec<Value> = (0..N_EVENTS).map(event).collect();
        send(address, key, &batch);
        n_batches += 1;
    }
    n_batches
}

/// Sends a batch until it is acknowledged, as the libraries do.
fn send(address: &str, key: &str, batch: &[Value]) {
    let body = json!({"writeKey": key, "batch": batch}).to_string();
    for _ in 0..N_TRIES {
        match post(address, &body) {
            Ok(answer) if answer.starts_with("HTTP/1.1 200") => return,
            Ok(answer) if answer.starts_with("HTTP/1.1 4") => panic!("{answer}"),
            _ => thread::sleep(Duration::from_millis(10)),
        }
    }
    panic!("a batch was never acknowledged");
}

fn post(address: &str, body: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let length = body.len();
    write!(
        stream,
        "POST /v1/batch HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// How many events of the clients there are, and how many different ones.
async fn kept(data: &Path) -> (f64, f64) {
    let options = OpenOptions {
        database: None,
        lake: None,
        currency: Currency::USD,
        region: "US".to_owned(),
        memory_limit_bytes: 64 << 20,
        clock: Clock::fixed(rapport_testing::at("2026-01-01T00:00:00Z")),
        ids: IdGenerator::from_entropy(),
    };
    let workspace = Workspace::open(data, options).await.unwrap();
    let query = "SELECT CAST(count(*) AS DOUBLE) AS n_all, \
                 CAST(count(DISTINCT message_id) AS DOUBLE) AS n_different \
                 FROM events WHERE message_id LIKE 'event-%'";
    let rows = workspace.events().await.unwrap().sql(query, &[]).await;
    let rows = rows.unwrap();
    let number = |name| rapport_lake::first_float(&rows[0], name).unwrap();
    (number("n_all"), number("n_different"))
}
