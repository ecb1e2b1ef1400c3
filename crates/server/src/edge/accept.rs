//! Accepting connections: how many at once, and how long each may take to say what it wants.
//!
//! `axum::serve` has neither limit, so that a few thousand connections that say nothing would keep
//! everybody else out.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::serve::Listener;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::Layer;

use crate::config::ServerConfig;

/// Serves until `shutdown`; then accepts no new connection and returns when the open ones are done
/// with their present request.
///
/// # Errors
/// [`io::Error`] where the listener has no address.
pub(crate) async fn serve_connections(
    mut listener: TcpListener,
    app: Router,
    config: &ServerConfig,
    shutdown: CancellationToken,
) -> io::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "serving");
    let slots = Arc::new(Semaphore::new(config.connections_max));
    let http = protocol(config);
    let open = GracefulShutdown::new();
    loop {
        let (slot, stream, peer) = tokio::select! {
            () = shutdown.cancelled() => break,
            next = accept(&mut listener, &slots) => next,
        };
        let service = Extension(ConnectInfo(peer)).layer(app.clone());
        let service = TowerToHyperService::new(service);
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            let _slot = slot;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop(listener);
    open.shutdown().await;
    Ok(())
}

/// The protocol: HTTP/1.1, as browsers and proxies speak it without TLS.
fn protocol(config: &ServerConfig) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(config.header_timeout);
    http
}

/// The next connection, once there is room for it. Those that wait stay in the system's queue.
async fn accept(
    listener: &mut TcpListener,
    slots: &Arc<Semaphore>,
) -> (OwnedSemaphorePermit, TcpStream, SocketAddr) {
    let slot = Arc::clone(slots).acquire_owned().await;
    let (stream, peer) = Listener::accept(listener).await;
    (slot.expect("the slots are never closed"), stream, peer)
}
