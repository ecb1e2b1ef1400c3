//! How a connection is made: with TLS, or plainly to a server beside us.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::MailboxError;

/// Bytes in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Makes connections to a mail server, one after the other.
pub trait Dial: Sync {
    /// Makes one.
    ///
    /// # Errors
    /// [`MailboxError::Connection`], [`MailboxError::BadHost`].
    fn dial(&self) -> impl Future<Output = Result<Box<dyn Stream>, MailboxError>> + Send;
}

/// A server that speaks TLS from the first byte, as a rule at port 993. Its certificate must be one that
/// browsers accept, too.
#[derive(Clone)]
pub struct Tls {
    host: String,
    port: u16,
    name: ServerName<'static>,
    config: Arc<ClientConfig>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tls({}:{})", self.host, self.port)
    }
}

impl Tls {
    /// A server by the name that its certificate is for.
    ///
    /// # Errors
    /// [`MailboxError::BadHost`].
    pub fn new(host: &str, port: u16) -> Result<Self, MailboxError> {
        let bad = || MailboxError::BadHost {
            host: host.to_owned(),
        };
        let name = ServerName::try_from(host.to_owned()).map_err(|_| bad())?;
        let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has suites of the default versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            host: host.to_owned(),
            port,
            name,
            config: Arc::new(config),
        })
    }
}

impl Dial for Tls {
    async fn dial(&self) -> Result<Box<dyn Stream>, MailboxError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        let connector = TlsConnector::from(Arc::clone(&self.config));
        let stream = connector.connect(self.name.clone(), stream).await?;
        Ok(Box::new(stream))
    }
}

/// A server that is spoken to without encryption: one on this machine, or a tunnel's end. Whoever listens
/// between reads the password.
#[derive(Debug, Clone)]
pub struct Plain {
    /// Name or address of the host.
    pub host: String,
    /// Port, as a rule 143.
    pub port: u16,
}

impl Dial for Plain {
    async fn dial(&self) -> Result<Box<dyn Stream>, MailboxError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        Ok(Box::new(stream))
    }
}
