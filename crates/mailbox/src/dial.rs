//! How a connection to a mail server is made: encrypted from the first byte, encrypted after `STARTTLS`, or
//! plainly to a server beside us.

use std::fmt;
use std::future::Future;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::outside::server_name;
use crate::{MailboxError, Outside, start_tls};

/// Bytes in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection to a mail server.
pub struct Line {
    /// Its bytes.
    pub stream: Box<dyn Stream>,
    /// Whether the server has said its greeting already, so that it says none any more. What it has told of
    /// itself there counts for nothing.
    pub is_greeted: bool,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line(greeted: {})", self.is_greeted)
    }
}

/// Makes connections to a mail server, one after the other.
pub trait Dial: Sync {
    /// Makes one.
    ///
    /// # Errors
    /// [`MailboxError`] of connections, hosts, certificates and encryption.
    fn dial(&self) -> impl Future<Output = Result<Line, MailboxError>> + Send;

    /// Name of the host that tokens are meant for, and its port.
    fn place(&self) -> (&str, u16);
}

/// When a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// From the first byte on, as a rule at port 993 (RFC 8314).
    Tls,
    /// After `STARTTLS`, as a rule at port 143 (RFC 9051, section 6.2.1). A server that does not offer it is
    /// refused: there is no way back to an open connection.
    StartTls,
    /// Never: to a server on this machine, or a tunnel's end. Whoever listens between reads the password.
    Unencrypted,
}

impl Security {
    /// The port that is meant where none is named.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Tls => 993,
            Self::StartTls | Self::Unencrypted => 143,
        }
    }
}

/// A mail server somewhere. Its certificate must be one that browsers accept, or that an authority of
/// [`Outside`] has signed.
#[derive(Debug, Clone)]
pub struct Server {
    host: String,
    port: u16,
    security: Security,
    name: ServerName<'static>,
    outside: Outside,
}

impl Server {
    /// A server by the name that its certificate is for.
    ///
    /// # Errors
    /// [`MailboxError::BadHost`].
    pub fn new(
        host: &str,
        port: u16,
        security: Security,
        outside: Outside,
    ) -> Result<Self, MailboxError> {
        Ok(Self {
            host: host.to_owned(),
            port,
            security,
            name: server_name(host)?,
            outside,
        })
    }
}

impl Dial for Server {
    async fn dial(&self) -> Result<Line, MailboxError> {
        let stream = self.outside.connect(&self.host, self.port).await?;
        match self.security {
            Security::Tls => Ok(Line {
                stream: self.outside.encrypt(self.name.clone(), stream).await?,
                is_greeted: false,
            }),
            Security::StartTls => {
                start_tls::upgrade(Box::new(stream), self.name.clone(), &self.outside).await
            }
            Security::Unencrypted => Ok(Line {
                stream: Box::new(stream),
                is_greeted: false,
            }),
        }
    }

    fn place(&self) -> (&str, u16) {
        (&self.host, self.port)
    }
}

/// A server that is dialed plainly and encrypted after `STARTTLS`, however it is dialed.
#[derive(Debug, Clone)]
pub struct StartTls<D> {
    plain: D,
    name: ServerName<'static>,
    outside: Outside,
}

impl<D: Dial> StartTls<D> {
    /// A server by the name that its certificate is for.
    ///
    /// # Errors
    /// [`MailboxError::BadHost`].
    pub fn new(plain: D, outside: Outside) -> Result<Self, MailboxError> {
        let name = server_name(plain.place().0)?;
        Ok(Self {
            plain,
            name,
            outside,
        })
    }
}

impl<D: Dial> Dial for StartTls<D> {
    async fn dial(&self) -> Result<Line, MailboxError> {
        let line = self.plain.dial().await?;
        start_tls::upgrade(line.stream, self.name.clone(), &self.outside).await
    }

    fn place(&self) -> (&str, u16) {
        self.plain.place()
    }
}
