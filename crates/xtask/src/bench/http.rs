//! A client over one connection that stays open, as a browser's does: it adds next to nothing to what is
//! measured.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, bail};

/// How long an answer is waited for: longer than the server takes at most.
const PATIENCE: Duration = Duration::from_mins(1);

/// An open connection.
#[derive(Debug)]
pub(super) struct Connection {
    address: SocketAddr,
    requests: TcpStream,
    answers: BufReader<TcpStream>,
}

/// What the server said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Connection {
    pub(super) fn open(address: SocketAddr) -> Result<Self> {
        let requests = TcpStream::connect(address)?;
        requests.set_nodelay(true)?;
        requests.set_read_timeout(Some(PATIENCE))?;
        let answers = BufReader::new(requests.try_clone()?);
        Ok(Self {
            address,
            requests,
            answers,
        })
    }

    /// Asks, with headers as `name: value` lines, and waits for the whole answer. A body is JSON unless
    /// they say otherwise.
    pub(super) fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[String],
        body: &str,
    ) -> Result<Answer> {
        let names_type = headers.iter().any(|it| it.starts_with("content-type:"));
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        if !body.is_empty() {
            if !names_type {
                head.push_str("content-type: application/json\r\n");
            }
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        self.requests.write_all(head.as_bytes())?;
        self.requests.write_all(body.as_bytes())?;
        Answer::read(&mut self.answers)
    }
}

impl Answer {
    fn read(answers: &mut impl BufRead) -> Result<Self> {
        let mut line = String::new();
        answers.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|text| text.parse().ok());
        let status = status.with_context(|| format!("`{}` begins no answer", line.trim()))?;
        let mut headers = Vec::new();
        loop {
            line.clear();
            if answers.read_line(&mut line)? == 0 {
                bail!("the answer broke off");
            }
            match line.trim().split_once(':') {
                None => break,
                Some((name, value)) => {
                    headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
        }
        let mut answer = Self {
            status,
            headers,
            body: Vec::new(),
        };
        if answer.header("transfer-encoding").is_some() {
            bail!("an answer without a length is not read here");
        }
        let length = answer.header("content-length").unwrap_or("0");
        let length: usize = length.parse().context("content-length is no number")?;
        answer.body.resize(length, 0);
        answers.read_exact(&mut answer.body)?;
        Ok(answer)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_one_after_the_other() {
        let mut two: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nETag: \"3\"\r\n\r\n{}\
                               HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n";

        let first = Answer::read(&mut two).unwrap();
        assert_eq!((first.status, &first.body[..]), (200, &b"{}"[..]));
        assert_eq!(first.header("etag"), Some("\"3\""));
        assert_eq!(Answer::read(&mut two).unwrap().status, 429);
        assert!(Answer::read(&mut two).is_err());
    }

    #[test]
    fn an_answer_that_breaks_off_is_none() {
        for mut cut in [
            &b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n"[..],
            b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{",
        ] {
            assert!(Answer::read(&mut cut).is_err());
        }
    }
}
