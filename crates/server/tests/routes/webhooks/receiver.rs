//! A receiver that misbehaves as it is told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What a receiver does with one call.
#[derive(Debug, Clone)]
pub(super) enum Reaction {
    /// Takes it.
    Take,
    /// Answers with a status and further headers.
    Answer(u16, &'static str),
    /// Refuses it and answers with what it was sent.
    Echo,
    /// Hangs up after it has read the body.
    HangUp,
    /// Answers nothing for a while, and takes it then.
    Sleep(Duration),
    /// Takes it with an answer that never ends.
    Flood,
}

/// A call as it came.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) path: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

impl Call {
    pub(super) fn header(&self, name: &str) -> &str {
        &self.headers[name]
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Debug, Default)]
struct Heard {
    calls: Vec<Call>,
    reactions: VecDeque<Reaction>,
}

/// A receiver on this machine. Where no reaction is left it takes what comes.
#[derive(Debug, Clone)]
pub(super) struct Receiver {
    port: u16,
    heard: Arc<Mutex<Heard>>,
}

impl Receiver {
    pub(super) async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            port: listener.local_addr().unwrap().port(),
            heard: Arc::default(),
        };
        let ears = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let ears = ears.clone();
                // A caller that goes away in the middle is none of the receiver's business.
                tokio::spawn(async move { ears.hear(stream).await.ok() });
            }
        });
        receiver
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Reacts so to the next calls, one after the other.
    pub(super) fn react(&self, reactions: impl IntoIterator<Item = Reaction>) {
        self.heard.lock().unwrap().reactions.extend(reactions);
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.heard.lock().unwrap().calls.clone()
    }

    /// Waits for so many calls.
    pub(super) async fn wait_for(&self, n: usize) -> Vec<Call> {
        for _ in 0..200 {
            let calls = self.calls();
            if calls.len() >= n {
                return calls;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{n} calls: {:?}", self.calls());
    }

    async fn hear(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let call = read(&mut stream).await?;
        let body = call.body.clone();
        let reaction = {
            let mut heard = self.heard.lock().unwrap();
            heard.calls.push(call);
            heard.reactions.pop_front().unwrap_or(Reaction::Take)
        };
        match reaction {
            Reaction::Take => answer(&mut stream, 204, "").await,
            Reaction::Answer(code, headers) => answer(&mut stream, code, headers).await,
            Reaction::Echo => {
                let length = body.len();
                let text = format!("HTTP/1.1 503 So\r\ncontent-length: {length}\r\n\r\n{body}");
                stream.write_all(text.as_bytes()).await
            }
            Reaction::HangUp => Ok(()),
            Reaction::Sleep(time) => {
                tokio::time::sleep(time).await;
                answer(&mut stream, 204, "").await
            }
            Reaction::Flood => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                loop {
                    stream.write_all(&[b'x'; 65_536]).await?;
                }
            }
        }
    }
}

async fn answer(stream: &mut TcpStream, code: u16, headers: &str) -> std::io::Result<()> {
    let text = format!("HTTP/1.1 {code} So\r\n{headers}content-length: 0\r\n\r\n");
    stream.write_all(text.as_bytes()).await
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Call> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers["content-length"].parse().unwrap();
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(Call {
        path,
        headers,
        body: String::from_utf8(body).unwrap(),
    })
}
