//! Tasks: things to do.

mod bulk;
mod create;
mod delete;
mod list;
mod show;
mod task;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use show::find;
pub(crate) use task::Task;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_tasks, create::create_task))
        .routes(routes!(bulk::create_task_bulk_edit))
        .routes(routes!(
            show::show_task,
            update::update_task,
            delete::delete_task
        ))
}
