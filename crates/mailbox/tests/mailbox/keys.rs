//! Certificates of the tests: one for `localhost` and `mail.house.example`, and the authority that has signed
//! it, which nobody else trusts. Made once by `openssl`, for a hundred years.

use std::sync::Arc;

use rapport_mailbox::Outside;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

const AUTHORITY: &[u8] = include_bytes!("../keys/authority.pem");
const SERVER: &[u8] = include_bytes!("../keys/server.pem");
const KEY: &[u8] = include_bytes!("../keys/server.key.pem");

/// An outside that trusts the authority.
pub(crate) fn outside() -> Outside {
    Outside::with_authorities(AUTHORITY).unwrap()
}

/// The server's side of TLS.
pub(crate) fn acceptor() -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_slice(SERVER).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
