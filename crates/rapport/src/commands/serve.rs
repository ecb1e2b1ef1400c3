//! `rapport serve`: the web app and the API until told to stop.

use anyhow::{Context, Result};
use rapport_pipelines::Workspace;
use rapport_server::ServerConfig;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::workspace;
use crate::cli::ServeArgs;
use crate::config::Config;
use crate::output;

pub(crate) async fn run(mut config: Config, args: ServeArgs) -> Result<()> {
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    // The port first: a second server must not touch the data.
    let listener = rapport_server::bind(config.listen).await?;
    let workspace = workspace::open(&config).await?;
    output::line(&format!("Serving on http://{}", listener.local_addr()?));
    until_told_to_stop(&config, workspace, listener).await
}

/// Serves until the process is asked to end, then finishes what is under way.
pub(super) async fn until_told_to_stop(
    config: &Config,
    workspace: Workspace,
    listener: TcpListener,
) -> Result<()> {
    let shutdown = CancellationToken::new();
    tokio::spawn(cancel_on_signal(shutdown.clone()));
    let public_url = config.public_url.as_deref().map(str::parse).transpose();
    let server_config = ServerConfig {
        public_url: public_url.context("public_url is no address")?,
        upload_limit_bytes: config.upload_limit_mib * 1024 * 1024,
        ..ServerConfig::default()
    };
    rapport_server::serve(workspace, server_config, listener, shutdown)
        .await
        .context("serving")
}

async fn cancel_on_signal(shutdown: CancellationToken) {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
    shutdown.cancel();
}
