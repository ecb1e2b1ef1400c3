//! Bulk edits: one change of many records, which can be taken back.

mod ask;
mod bulk_edit;
mod cancel;
mod create_undo;
mod left;
mod list;
mod list_conflicts;
mod list_refused_rows;
mod refused_rows_csv;
mod request;
mod show;
mod steer;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use ask::ask;
pub(crate) use bulk_edit::{BulkEditAccepted, BulkEditPreview};
pub(crate) use request::{BulkEditInput, BulkEditParams};

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_bulk_edits))
        .routes(routes!(show::show_bulk_edit))
        .routes(routes!(cancel::cancel_bulk_edit))
        .routes(routes!(create_undo::create_bulk_edit_undo))
        .routes(routes!(list_conflicts::list_bulk_edit_conflicts))
        .routes(routes!(list_refused_rows::list_bulk_edit_refused_rows))
        .routes(routes!(refused_rows_csv::show_bulk_edit_refused_rows_csv))
}
