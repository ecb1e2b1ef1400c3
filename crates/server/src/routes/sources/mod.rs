//! Sources: the systems that files and events come from, and the keys that they send events with.

mod create;
mod create_write_key;
mod list;
mod list_write_keys;
mod signing_secret;
mod source;
mod write_key;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_sources, create::create_source))
        .routes(routes!(
            list_write_keys::list_write_keys,
            create_write_key::create_write_key
        ))
        .routes(routes!(
            signing_secret::update_signing_secret,
            signing_secret::delete_signing_secret
        ))
}
