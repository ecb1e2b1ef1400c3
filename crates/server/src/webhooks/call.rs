//! One call: connect to an address that may be called, send, read the beginning of the answer.
//!
//! No redirect is followed, since it would lead past the check of the address, and no more of an answer is
//! read than the log keeps.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, header};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::address::{BadUrl, may_call};
use crate::session::Network;

/// Bytes of an answer that are kept.
const ANSWER_BYTES_MAX: usize = 2_000;
/// How long one address of a name is waited for before the next one is tried: one that nobody answers at must
/// not eat the time of a call.
const CONNECT_TIME: Duration = Duration::from_secs(4);
/// How long the body of an answer is waited for.
const ANSWER_TIME: Duration = Duration::from_secs(2);

/// What a receiver said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// The status.
    pub(super) code: u16,
    /// `Retry-After`, as it was sent.
    pub(super) retry_after: Option<String>,
    /// The first bytes of the body, as text.
    pub(super) text: String,
}

/// Why there was no answer.
#[derive(Debug, Error)]
pub(super) enum CallError {
    /// The address is none that may be called.
    #[error(transparent)]
    Url(#[from] BadUrl),
    /// Its name is unknown.
    #[error("the name {0} cannot be looked up")]
    Unknown(String),
    /// Nobody listens, or the certificate is not one to trust.
    #[error("no connection: {0}")]
    Unreachable(io::Error),
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(#[from] hyper::Error),
    /// It took too long.
    #[error("no answer within {} s", .0.as_secs())]
    TooSlow(Duration),
    /// The request cannot be written.
    #[error("the request cannot be written: {0}")]
    Unwritable(#[from] axum::http::Error),
}

/// Posts a body and returns what the receiver says, whatever it is.
pub(super) async fn call(
    url: &Url,
    headers: HeaderMap,
    body: Bytes,
    allowed: &[Network],
    timeout: Duration,
) -> Result<Answer, CallError> {
    let answer = tokio::time::timeout(timeout, exchange(url, headers, body, allowed));
    answer.await.map_err(|_| CallError::TooSlow(timeout))?
}

async fn exchange(
    url: &Url,
    headers: HeaderMap,
    body: Bytes,
    allowed: &[Network],
) -> Result<Answer, CallError> {
    let stream = connect(url, allowed).await?;
    if url.scheme() == "http" {
        return post(stream, url, headers, body).await;
    }
    let host = url.host().ok_or(BadUrl::Unreadable)?;
    let name = match host {
        Host::Domain(name) => ServerName::try_from(name.to_owned()),
        Host::Ipv4(v4) => Ok(ServerName::from(IpAddr::V4(v4))),
        Host::Ipv6(v6) => Ok(ServerName::from(IpAddr::V6(v6))),
    };
    let name = name.map_err(|_| BadUrl::Unreadable)?;
    let connector = TlsConnector::from(Arc::clone(&TLS));
    let stream = connector.connect(name, stream).await;
    post(stream.map_err(CallError::Unreachable)?, url, headers, body).await
}

/// Trusts the certificates that browsers trust.
static TLS: LazyLock<Arc<ClientConfig>> = LazyLock::new(|| {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.into(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider speaks the default versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
});

/// Connects to the first address of the name that answers, of those that may be called.
async fn connect(url: &Url, allowed: &[Network]) -> Result<TcpStream, CallError> {
    let host = url.host().ok_or(BadUrl::Unreadable)?;
    let port = url.port_or_known_default().ok_or(BadUrl::Unreadable)?;
    let addresses: Vec<SocketAddr> = match &host {
        Host::Ipv4(v4) => vec![SocketAddr::new(IpAddr::V4(*v4), port)],
        Host::Ipv6(v6) => vec![SocketAddr::new(IpAddr::V6(*v6), port)],
        Host::Domain(name) => tokio::net::lookup_host((*name, port))
            .await
            .map_err(|_| CallError::Unknown((*name).to_owned()))?
            .collect(),
    };
    let mut failure = CallError::Url(BadUrl::Private(host.to_string()));
    for address in addresses {
        if !may_call(address.ip(), allowed) {
            continue;
        }
        match tokio::time::timeout(CONNECT_TIME, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = CallError::Unreachable(error),
            Err(_) => failure = CallError::Unreachable(io::ErrorKind::TimedOut.into()),
        }
    }
    Err(failure)
}

async fn post(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    url: &Url,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, CallError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(target)
        .header(header::HOST, authority)
        .body(Full::new(body))?;
    request.headers_mut().extend(headers);
    let exchange = async {
        let response = sender.send_request(request).await?;
        let (parts, body) = response.into_parts();
        let mut read = Vec::new();
        // The status says all; the body is for people, and need not come to an end.
        let _ = tokio::time::timeout(ANSWER_TIME, read_beginning(body, &mut read)).await;
        let retry_after = parts.headers.get(header::RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| value.to_str().ok());
        Ok::<_, CallError>(Answer {
            code: parts.status.as_u16(),
            retry_after: retry_after.map(str::to_owned),
            // Not every database keeps U+0000.
            text: String::from_utf8_lossy(&read).replace('\0', "\u{FFFD}"),
        })
    };
    // The connection moves the bytes, and is dropped with what is left of the answer.
    let mut connection = std::pin::pin!(connection);
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        answer = &mut exchange => answer,
        ended = &mut connection => match ended {
            Err(error) => Err(error.into()),
            Ok(()) => exchange.await,
        }
    }
}

/// Reads what the log keeps of a body, or as much of it as comes.
async fn read_beginning(mut body: hyper::body::Incoming, read: &mut Vec<u8>) {
    while read.len() < ANSWER_BYTES_MAX
        && let Some(Ok(frame)) = body.frame().await
    {
        if let Some(data) = frame.data_ref() {
            let room = ANSWER_BYTES_MAX - read.len();
            read.extend_from_slice(&data[..data.len().min(room)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_judged_by_the_addresses_that_it_is_looked_up_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = Url::parse(&format!("https://localhost:{port}/")).unwrap();

        let refused = connect(&url, &[]).await;
        let allowed = connect(&url, &["127.0.0.0/8".parse().unwrap()]).await;

        let is_private = matches!(refused, Err(CallError::Url(BadUrl::Private(_))));
        assert!(is_private, "{refused:?}");
        assert_eq!(allowed.unwrap().peer_addr().unwrap().port(), port);
    }
}
