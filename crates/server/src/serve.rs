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
use crate::sightings::{keep_audit, settle};
use crate::state::AppState;
use crate::webhooks;

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
    /// The worker ended: no job would ever be run again.
    #[error(
        "the worker that runs the jobs ended ({reason}); the log has more, start the server again"
    )]
    WorkerLost {
        /// How it ended.
        reason: String,
    },
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
/// (its jobs go on at the next start), requests under way get `drain_timeout` to finish, the archive
/// takes its last state, and the records are closed.
///
/// # Errors
/// [`ServerError::Serving`] where the listener breaks; [`ServerError::WorkerLost`] where the worker
/// ends before it is told to, in which case the server stops as well.
pub async fn serve(
    mut workspace: Workspace,
    config: ServerConfig,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> Result<(), ServerError> {
    let drain_timeout = config.drain_timeout;
    workspace.outside = config.mail_outside();
    let mut worker = tokio::spawn(rapport_pipelines::run_worker(
        workspace.clone(),
        shutdown.clone(),
    ));
    let closing = workspace.clone();
    let state = AppState::new(workspace, config.clone(), shutdown.clone());
    let upkeep = tokio::spawn(state.metrics().clone().keep_up());
    let mut told = tokio::spawn(webhooks::run(state.clone()));
    let keeper = tokio::spawn(keep_audit(state.clone()));
    let server = serve_connections(listener, router(state.clone()), &config, shutdown.clone());

    let deadline = async {
        shutdown.cancelled().await;
        tokio::time::sleep(drain_timeout).await;
    };
    let drained = async {
        tokio::select! {
            served = server => served,
            () = deadline => {
                tracing::warn!("requests were still open at the end of the drain time and were cut");
                Ok(())
            }
        }
    };
    tokio::pin!(drained);
    let outcome = tokio::select! {
        served = &mut drained => {
            // A broken listener must stop the worker as well.
            shutdown.cancel();
            let ended = tokio::time::timeout(drain_timeout, worker).await;
            if ended.is_err() {
                tracing::warn!("the worker was cut; its job goes on at the next start");
            }
            served.map_err(ServerError::from)
        }
        ended = &mut worker => {
            let was_told = shutdown.is_cancelled();
            shutdown.cancel();
            let served = drained.await;
            let reason = ended.map_or_else(|error| error.to_string(), |()| "by itself".to_owned());
            if was_told {
                served.map_err(ServerError::from)
            } else {
                Err(ServerError::WorkerLost { reason })
            }
        }
    };
    upkeep.abort();
    // A call that is cut is made again after the next start.
    if tokio::time::timeout(drain_timeout, &mut told)
        .await
        .is_err()
    {
        told.abort();
    }
    // What was seen until the last answer is noted before the records are closed.
    let noted = async {
        let _ = keeper.await;
        settle(&state).await;
    };
    if tokio::time::timeout(drain_timeout, noted).await.is_err() {
        tracing::warn!("the audit was still being written at the end of the drain time");
    }
    if tokio::time::timeout(drain_timeout, closing.close())
        .await
        .is_err()
    {
        tracing::warn!("the records were still in use at the end of the drain time");
    }
    outcome
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use rapport_domain::{Currency, IdGenerator, Timestamp};
    use rapport_pipelines::{Clock, OpenOptions};
    use tempfile::TempDir;

    use super::*;

    #[tokio::test]
    async fn a_server_whose_worker_ends_stops_and_says_so() {
        let directory = TempDir::new().unwrap();
        let is_broken = Arc::new(AtomicBool::new(false));
        let hand = Arc::clone(&is_broken);
        let options = OpenOptions {
            database: rapport_testing::database_of(directory.path()),
            lake: None,
            currency: Currency::EUR,
            region: "DE".to_owned(),
            memory_limit_bytes: 64 << 20,
            // The worker asks for the time outside of any job: a mistake there ends it.
            clock: Clock::new(move || {
                assert!(!hand.load(Ordering::SeqCst), "the clock is broken");
                Timestamp::from_millis(1_767_603_600_000)
            }),
            ids: IdGenerator::new(7),
        };
        let workspace = Workspace::open(directory.path(), options).await.unwrap();
        let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        is_broken.store(true, Ordering::SeqCst);

        let shutdown = CancellationToken::new();
        let served = serve(
            workspace.clone(),
            ServerConfig::default(),
            listener,
            shutdown,
        );
        let ended = tokio::time::timeout(Duration::from_secs(30), served).await;

        let error = ended.unwrap().unwrap_err();
        assert!(matches!(error, ServerError::WorkerLost { .. }), "{error}");
        assert!(workspace.has_lost_worker());
    }

    #[tokio::test]
    async fn a_port_in_use_says_what_to_do() {
        let first = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();

        let error = bind(first.local_addr().unwrap()).await.unwrap_err();

        assert!(matches!(error, ServerError::PortInUse { .. }));
        assert!(error.to_string().contains("--listen"), "{error}");
    }
}
