//! The pools: records that are nobody's, claimed and given back.
//!
//! They are listed as all records are: `filter=owner_id:is_null`.

mod create_claim;
mod delete_claim;
mod list;
mod pool;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_pools))
        .routes(routes!(update::update_pool))
        .routes(routes!(
            create_claim::create_record_claim,
            delete_claim::delete_record_claim
        ))
}
