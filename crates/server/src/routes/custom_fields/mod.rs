//! Custom fields: what a company adds to an object.

mod check;
mod create;
mod custom_field;
mod delete;
mod list;
mod show;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use check::{check_custom, check_new_custom};

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(
            list::list_custom_fields,
            create::create_custom_field
        ))
        .routes(routes!(
            show::show_custom_field,
            update::update_custom_field,
            delete::delete_custom_field
        ))
}
