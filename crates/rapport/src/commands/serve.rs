//! `rapport serve`: the web app and the API until told to stop.

use anyhow::{Context, Result};
use rapport_pipelines::{Workspace, keep_first_pipeline};
use rapport_server::ServerConfig;
use rapport_store::users;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::workspace;
use crate::cli::ServeArgs;
use crate::config::Config;
use crate::output;

/// What a program without its screens can do, and how to get one that has them.
pub(super) const NO_WEB_APP: &str = "this program was built without the web app and serves the \
    API only; build it without RAPPORT_UI=skip";

pub(crate) async fn run(mut config: Config, args: ServeArgs) -> Result<()> {
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    // The port first: a second server must not touch the data.
    let listener = rapport_server::bind(config.listen).await?;
    let workspace = workspace::open(&config).await?;
    keep_first_pipeline(&workspace).await?;
    warn_of_what_is_missing(&workspace).await?;
    output::line(&format!("Serving on http://{}", listener.local_addr()?));
    until_told_to_stop(&config, workspace, listener).await
}

/// Says what a server cannot be used without.
async fn warn_of_what_is_missing(workspace: &Workspace) -> Result<()> {
    if users::list(&workspace.store).await?.is_empty() {
        tracing::warn!(
            "nobody can sign in yet: stop the server and make the first user with \
             `rapport init --email ADDRESS`"
        );
    }
    if !rapport_ui::is_embedded() {
        tracing::warn!("{NO_WEB_APP}");
    }
    Ok(())
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
        trusted_proxies: config.trusted_proxies.clone(),
        webhook_networks: config.webhook_networks.clone(),
        mailbox_networks: config.mailbox_networks.clone(),
        mailbox_trust: workspace::mailbox_trust(config)?,
        metrics_token: config.metrics_token.clone(),
        ..ServerConfig::default()
    };
    rapport_server::serve(workspace, server_config, listener, shutdown)
        .await
        .context("serving")
}

/// Cancels once the process is asked to end.
pub(super) async fn cancel_on_signal(shutdown: CancellationToken) {
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
