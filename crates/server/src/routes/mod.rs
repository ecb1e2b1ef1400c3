//! The routes, a folder per resource and a file per verb.

mod api_keys;
mod audit;
mod bulk_edits;
mod campaigns;
mod companies;
mod contacts;
mod custom_fields;
mod deals;
pub(crate) mod exports;
mod home;
mod identities;
mod imports;
mod jobs;
mod ledger;
mod mailboxes;
mod match_pairs;
mod match_runs;
mod me;
mod models;
mod notes;
mod orders;
mod pipelines;
mod pools;
mod products;
mod record_patch;
mod references;
mod roles;
mod runs;
mod saved_views;
mod search;
mod segmentations;
mod segments;
mod session;
mod settings;
mod shares;
pub(crate) mod shown;
mod signed_in;
mod sources;
mod stream;
mod subject;
mod tasks;
mod teams;
mod tickets;
mod users;
mod webhooks;
mod write_keys;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// All routes that answer within a short time.
pub(crate) fn all() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(session::router())
        .merge(me::router())
        .merge(home::router())
        .merge(contacts::router())
        .merge(identities::router())
        .merge(match_pairs::router())
        .merge(match_runs::router())
        .merge(companies::router())
        .merge(deals::router())
        .merge(pipelines::router())
        .merge(tickets::router())
        .merge(tasks::router())
        .merge(notes::router())
        .merge(products::router())
        .merge(orders::router())
        .merge(campaigns::router())
        .merge(custom_fields::router())
        .merge(segmentations::router())
        .merge(segments::router())
        .merge(runs::router())
        .merge(models::router())
        .merge(imports::router())
        .merge(jobs::router())
        .merge(bulk_edits::router())
        .merge(saved_views::router())
        .merge(exports::router())
        .merge(sources::router())
        .merge(write_keys::router())
        .merge(mailboxes::router())
        .merge(webhooks::router())
        .merge(api_keys::router())
        .merge(ledger::router())
        .merge(audit::router())
        .merge(search::router())
        .merge(users::router())
        .merge(roles::router())
        .merge(teams::router())
        .merge(shares::router())
        .merge(pools::router())
        .merge(settings::router())
        .merge(stream::router())
}

/// Routes that take files.
pub(crate) fn uploads() -> OpenApiRouter<AppState> {
    imports::uploads()
}
