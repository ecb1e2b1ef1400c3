//! Exports: whole lists as files, read page by page while they are sent.

mod columns;
mod export;
mod rows;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use export::{ExportFormat, ListExport};
pub use rows::ExportedList;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show::show_export))
}
