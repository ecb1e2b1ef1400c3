//! A client that sends events as Segment's libraries do: a batch whose answer does not come is sent again,
//! with the same keys, until it is acknowledged.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::{
    http::{Answer, Connection},
    kept::{Key, user},
};

/// How long anything may go without being done.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);
/// Wait before a batch is sent again, where the connection broke and where the server said so.
const AFTER_BREAK: Duration = Duration::from_millis(5);
const AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// A client.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) address: SocketAddr,
    pub(super) write_key: String,
    pub(super) client: usize,
    /// Events of a batch, and the users whom they are about in turn.
    pub(super) n_events: usize,
    pub(super) n_users: usize,
}

/// What a client has seen.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// Batches, all of them acknowledged.
    pub(super) n_batches: usize,
    /// Requests without an answer.
    pub(super) n_broken: usize,
    /// Requests that were told to come again.
    pub(super) n_refused: usize,
    /// The longest wait for an answer of any kind.
    pub(super) wait_max: Duration,
}

impl Sender {
    /// Sends one batch after the other until told to stop. Each answer that is no acknowledgement is
    /// shown to `check`, which fails where it is not as it should be.
    pub(super) fn send_until(
        &self,
        stop: &AtomicBool,
        check: impl Fn(&Answer) -> Result<()>,
    ) -> Result<Sent> {
        let mut connection = None;
        let mut sent = Sent::default();
        while !stop.load(Ordering::Relaxed) {
            let body = self.batch(sent.n_batches);
            let first_sent = Instant::now();
            loop {
                let begun = Instant::now();
                let answer = self.ask(&mut connection, &body);
                sent.wait_max = sent.wait_max.max(begun.elapsed());
                match answer {
                    Ok(answer) if answer.status == 200 => break,
                    Ok(answer) => {
                        check(&answer)?;
                        sent.n_refused += 1;
                        thread::sleep(AFTER_REFUSAL);
                    }
                    Err(_) => {
                        sent.n_broken += 1;
                        connection = None;
                        thread::sleep(AFTER_BREAK);
                    }
                }
                if first_sent.elapsed() > PATIENCE {
                    let seconds = PATIENCE.as_secs();
                    bail!("a batch was not acknowledged within {seconds} s");
                }
            }
            sent.n_batches += 1;
        }
        Ok(sent)
    }

    fn ask(&self, connection: &mut Option<Connection>, body: &str) -> Result<Answer> {
        let connection = match connection {
            Some(connection) => connection,
            None => connection.insert(Connection::open(self.address)?),
        };
        connection.ask("POST", "/v1/batch", &[], body)
    }

    fn batch(&self, batch: usize) -> String {
        let event = |idx: usize| -> Value {
            let key = Key {
                client: self.client,
                batch,
                idx,
            };
            json!({
                "type": "track",
                "event": "Product Viewed",
                "userId": user((batch * self.n_events + idx) % self.n_users),
                "messageId": key.text(),
                "properties": {"title": key.text(), "product_id": "p-1", "category": "Lamps"},
                "context": {"library": {"name": "bench", "version": "1"}},
            })
        };
        let events: Vec<Value> = (0..self.n_events).map(event).collect();
        json!({"writeKey": self.write_key, "batch": events}).to_string()
    }
}

/// Fails unless the answer asks for patience: 429 or 503, as problem details, with the time to wait.
pub(super) fn asks_for_patience(answer: &Answer) -> Result<()> {
    let is_problem = answer.header("content-type") == Some("application/problem+json");
    let names_time = answer.header("retry-after").is_some();
    if matches!(answer.status, 429 | 503) && is_problem && names_time {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&answer.body);
    bail!(
        "answered {} (problem details: {is_problem}, Retry-After: {names_time}): {said}",
        answer.status
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_of_each_batch_has_a_key_of_its_own() {
        let sender = Sender {
            address: SocketAddr::from(([127, 0, 0, 1], 1)),
            write_key: "wk_1".to_owned(),
            client: 3,
            n_events: 2,
            n_users: 10,
        };
        let keys = |batch| -> Vec<String> {
            let body: Value = serde_json::from_str(&sender.batch(batch)).unwrap();
            let events = body["batch"].as_array().unwrap();
            let key = |event: &Value| event["messageId"].as_str().unwrap().to_owned();
            events.iter().map(key).collect()
        };

        assert_eq!(keys(0), ["event-3-0-0", "event-3-0-1"]);
        assert_eq!(keys(7), ["event-3-7-0", "event-3-7-1"]);
    }
}
