//! Listening, serving and stopping in order.

use std::io;
use std::net::SocketAddr;

use rapport_pipelines::Workspace;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::router;
use crate::config::ServerConfig;
use crate::edge::serve_connections;
use crate::state::AppState;

/// A server that cannot run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServerError {
    /// Another program listens there already.
    #[error("port {} is in use; stop the other program or choose another port with --listen {}:0", address.port(), address.ip())]
    PortInUse {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The system does not let us listen there.
    #[error(
        "cannot listen on {address}: {source}; ports below 1024 need rights, and the address must be one of this machine's"
    )]
    CannotListen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The listener broke while serving.
    #[error("serving stopped: {0}")]
    Serving(#[from] io::Error),
}

/// Takes the address, so that a port in use is known before anything else is started.
///
/// # Errors
/// [`ServerError::PortInUse`] or [`ServerError::CannotListen`].
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ServerError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ServerError::PortInUse { address },
            _ => ServerError::CannotListen { address, source },
        })
}

/// Serves a workspace and runs its jobs until `shutdown` is cancelled.
///
/// Then no new connection is accepted, open streams end, the worker stops after its present batch
/// (its jobs go on at the next start), requests under way get `drain_timeout` to finish, and the
/// records are closed.
///
/// # Errors
/// [`ServerError::Serving`] where the listener breaks.
pub async fn serve(
    workspace: Workspace,
    config: ServerConfig,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> Result<(), ServerError> {
    let drain_timeout = config.drain_timeout;
    let worker = tokio::spawn(rapport_pipelines::run_worker(
        workspace.clone(),
        shutdown.clone(),
    ));
    let store = workspace.store.clone();
    let state = AppState::new(workspace, config.clone(), shutdown.clone());
    let upkeep = tokio::spawn(state.metrics().clone().keep_up());
    let server = serve_connections(listener, router(state), &config, shutdown.clone());

    let deadline = async {
        shutdown.cancelled().await;
        tokio::time::sleep(drain_timeout).await;
    };
    let served = tokio::select! {
        served = server => served,
        () = deadline => {
            tracing::warn!("requests were still open at the end of the drain time and were cut");
            Ok(())
        }
    };
    // A broken listener must stop the worker as well.
    shutdown.cancel();
    match tokio::time::timeout(drain_timeout, worker).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the worker ended early"),
        Err(_) => tracing::warn!("the worker was cut; its job goes on at the next start"),
    }
    upkeep.abort();
    if tokio::time::timeout(drain_timeout, store.close())
        .await
        .is_err()
    {
        tracing::warn!("the records were still in use at the end of the drain time");
    }
    Ok(served?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_says_what_to_do() {
        let first = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();

        let error = bind(first.local_addr().unwrap()).await.unwrap_err();

        assert!(matches!(error, ServerError::PortInUse { .. }));
        assert!(error.to_string().contains("--listen"), "{error}");
    }
}
