//! Companies: the organizations.

mod bulk;
mod company;
mod create;
mod delete;
mod list;
mod show;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use company::Company;
pub(crate) use show::find;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_companies, create::create_company))
        .routes(routes!(bulk::create_company_bulk_edit))
        .routes(routes!(
            show::show_company,
            update::update_company,
            delete::delete_company
        ))
}
