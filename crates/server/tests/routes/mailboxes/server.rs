//! A mail server on this machine, over TLS from the first byte or after `STARTTLS`, and the authority that has
//! signed its certificate.

use std::sync::{Arc, Mutex};

use rapport_pipelines::mailboxes::Outside;
use rustls::ServerConfig as TlsConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

macro_rules! key {
    ($name:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../mailbox/tests/keys/",
            $name
        ))
    };
}

/// The password that the server takes.
pub(super) const PASSWORD: &str = "hunter2";

/// An outside that trusts the server.
pub(super) fn trust() -> Outside {
    Outside::with_authorities(key!("authority.pem")).unwrap()
}

fn acceptor() -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_slice(key!("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key!("server.key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = TlsConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// Messages in the inbox.
    pub(super) n_letters: u32,
    /// Connections that end in the middle of a fetch from now on.
    pub(super) n_breaks: u32,
    /// Whether `STARTTLS` is offered.
    pub(super) offers_starttls: bool,
    /// Every command as it came.
    pub(super) commands: Vec<String>,
}

/// The server: at `tls` over TLS, at `plain` in the open.
#[derive(Debug, Clone)]
pub(super) struct MailServer {
    pub(super) tls: u16,
    pub(super) plain: u16,
    state: Arc<Mutex<State>>,
}

impl MailServer {
    pub(super) async fn start(n_letters: u32) -> Self {
        let tls = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let plain = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let server = Self {
            tls: tls.local_addr().unwrap().port(),
            plain: plain.local_addr().unwrap().port(),
            state: Arc::new(Mutex::new(State {
                n_letters,
                offers_starttls: true,
                ..State::default()
            })),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = tls.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move {
                    let stream = acceptor().accept(stream).await?;
                    serving.talk(stream, false).await
                });
            }
        });
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = plain.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.begin_in_the_open(stream).await });
            }
        });
        server
    }

    pub(super) fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    async fn begin_in_the_open(self, stream: tokio::net::TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"* OK here\r\n").await?;
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 {
            let command = std::mem::take(&mut line);
            self.state().commands.push(command.trim_end().to_owned());
            let (tag, command) = command.trim_end().split_once(' ').unwrap_or_default();
            let offer = if self.state().offers_starttls {
                " STARTTLS"
            } else {
                ""
            };
            if command == "STARTTLS" && !offer.is_empty() {
                stream
                    .write_all(format!("{tag} OK go on\r\n").as_bytes())
                    .await?;
                let stream = acceptor().accept(stream.into_inner()).await?;
                return self.talk(stream, true).await;
            }
            let answer = format!("* CAPABILITY IMAP4rev1{offer}\r\n{tag} OK done\r\n");
            stream.write_all(answer.as_bytes()).await?;
        }
        Ok(())
    }

    async fn talk(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin,
        is_greeted: bool,
    ) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        if !is_greeted {
            stream.write_all(b"* OK here\r\n").await?;
        }
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 {
            let command = std::mem::take(&mut line);
            self.state().commands.push(command.trim_end().to_owned());
            let (tag, command) = command.trim_end().split_once(' ').unwrap_or_default();
            let (answer, is_broken) = self.answer(tag, command);
            let end = if is_broken {
                answer.len() / 2
            } else {
                answer.len()
            };
            stream.write_all(&answer.as_bytes()[..end]).await?;
            if is_broken {
                return Ok(());
            }
        }
        Ok(())
    }

    fn answer(&self, tag: &str, command: &str) -> (String, bool) {
        let done = |told: &str| (format!("{told}{tag} OK done\r\n"), false);
        let mut state = self.state();
        if command.starts_with("LOGIN ") && !command.contains(PASSWORD) {
            let refused = format!("{tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n");
            return (refused, false);
        }
        if command.starts_with("LIST") {
            return done("* LIST () \"/\" INBOX\r\n* LIST () \"/\" \"&XfJT0ZAB-\"\r\n");
        }
        if command.starts_with("EXAMINE") {
            if command.contains("Nowhere") {
                return (format!("{tag} NO no such folder\r\n"), false);
            }
            return done("* OK [UIDVALIDITY 5] x\r\n");
        }
        if let Some(set) = command.strip_prefix("UID SEARCH UID ") {
            let first: u32 = set.split(':').next().unwrap().parse().unwrap();
            let found: Vec<String> = (first..=state.n_letters).map(|it| it.to_string()).collect();
            return done(&format!("* SEARCH {}\r\n", found.join(" ")));
        }
        let Some(set) = command.strip_prefix("UID FETCH ") else {
            return done("* CAPABILITY IMAP4rev1\r\n");
        };
        let mut told = String::new();
        for uid in set.split(' ').next().unwrap().split(',') {
            let letter = format!(
                "Message-ID: <{uid}@x>\r\nDate: Fri, 02 Jan 2026 09:30:00 +0000\r\n\
                 From: Ada King <ada@engines.example>\r\nTo: sales@house.example\r\n\
                 Subject: No. {uid}\r\n\r\nHello\r\n"
            );
            told.push_str(&format!(
                "* 1 FETCH (UID {uid} INTERNALDATE \"02-Jan-2026 09:30:00 +0000\" BODY[]<0> {{{}}}\r\n{letter})\r\n",
                letter.len()
            ));
        }
        let is_broken = state.n_breaks > 0;
        state.n_breaks = state.n_breaks.saturating_sub(1);
        (done(&told).0, is_broken)
    }
}
