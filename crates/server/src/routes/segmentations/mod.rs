//! Segmentations: divisions of all customers into segments.

mod create;
mod list;
mod segment;
mod segmentation;
mod show;
mod show_current;
mod show_map;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use segment::Level;
pub(crate) use segmentation::Segmentation;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(
            list::list_segmentations,
            create::create_segmentation
        ))
        .routes(routes!(show::show_segmentation))
        .routes(routes!(show_current::show_current))
        .routes(routes!(show_map::show_map))
}
