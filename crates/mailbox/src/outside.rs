//! How connections leave this machine: which addresses they may go to, and which certificates they trust.
//!
//! A name is looked up anew for each connection, and the address that is connected to is the one that was
//! looked at: a name that means something else a moment later gains nothing.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::MailboxError;
use crate::dial::Stream;

/// How long one address of a name is waited for before the next one is tried.
const CONNECT_TIME: Duration = Duration::from_secs(8);

/// Whether an address may be connected to.
type MayConnect = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// What is outside of this machine, as far as it may be reached. Cheap to clone.
#[derive(Clone)]
pub struct Outside {
    may_connect: MayConnect,
    tls: Arc<ClientConfig>,
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outside(..)")
    }
}

impl Outside {
    /// Every address, with the certificates that browsers trust.
    pub fn anywhere() -> Self {
        Self::trusting(Vec::new())
    }

    /// Every address; besides what browsers trust, also what these authorities have signed: certificates
    /// in the form of PEM, one after the other.
    ///
    /// # Errors
    /// [`MailboxError::Certificate`] where there is none, or one that cannot be read.
    pub fn with_authorities(pem: &[u8]) -> Result<Self, MailboxError> {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let read = read.map_err(|error| MailboxError::Certificate {
            reason: format!("the list of authorities cannot be read: {error}"),
        })?;
        if read.is_empty() {
            let reason = "the list of authorities holds no certificate".to_owned();
            return Err(MailboxError::Certificate { reason });
        }
        Ok(Self::trusting(read))
    }

    /// The same, for those addresses alone.
    #[must_use]
    pub fn only(mut self, may_connect: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        self.may_connect = Arc::new(may_connect);
        self
    }

    fn trusting(authorities: Vec<CertificateDer<'static>>) -> Self {
        let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        roots.add_parsable_certificates(authorities);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has suites of the default versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            may_connect: Arc::new(|_| true),
            tls: Arc::new(config),
        }
    }

    /// Connects to the first address of the name that answers, of those that may be connected to.
    pub(crate) async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, MailboxError> {
        let unknown = |_| MailboxError::UnknownHost {
            host: host.to_owned(),
        };
        let addresses: Vec<SocketAddr> = tokio::net::lookup_host((host, port))
            .await
            .map_err(unknown)?
            .collect();
        let mut failure = MailboxError::Inside {
            host: host.to_owned(),
        };
        for address in addresses {
            if !(self.may_connect)(address.ip()) {
                continue;
            }
            match tokio::time::timeout(CONNECT_TIME, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failure = error.into(),
                Err(_) => {
                    failure = MailboxError::Silent {
                        seconds: CONNECT_TIME.as_secs(),
                    };
                }
            }
        }
        Err(failure)
    }

    /// Encrypts a connection, once the other side has proved that it is the host of this name.
    pub(crate) async fn encrypt(
        &self,
        name: ServerName<'static>,
        stream: impl Stream + 'static,
    ) -> Result<Box<dyn Stream>, MailboxError> {
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        match connector.connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(handshake_failed(error)),
        }
    }
}

/// A host's name, as certificates name it.
pub(crate) fn server_name(host: &str) -> Result<ServerName<'static>, MailboxError> {
    ServerName::try_from(host.to_owned()).map_err(|_| MailboxError::BadHost {
        host: host.to_owned(),
    })
}

/// Parts certificates that are not to be trusted, and servers that do not speak TLS, from connections that
/// broke.
fn handshake_failed(error: io::Error) -> MailboxError {
    let inner = error
        .get_ref()
        .and_then(|it| it.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(why)) => MailboxError::Certificate {
            reason: why.to_string(),
        },
        Some(why) => MailboxError::NotEncrypted {
            reason: format!("the handshake failed: {why}"),
        },
        None => error.into(),
    }
}
