//! Imports: files on their way in.

mod cancel;
mod conflict;
mod create;
mod create_dry_run;
mod create_undo;
mod dry_run;
mod import;
mod list;
mod list_conflicts;
mod list_dry_run_rows;
mod list_fields;
mod list_presets;
mod list_rejected_rows;
mod mapping;
mod progress;
mod rejected_rows_csv;
mod run;
mod show;
mod show_dry_run;
mod show_effects;
mod update_mapping;
mod update_preset;
mod update_sheet;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use conflict::text_of;
pub(crate) use import::Import;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_imports))
        .routes(routes!(list_fields::list_import_fields))
        .routes(routes!(list_presets::list_import_presets))
        .routes(routes!(show::show_import))
        .routes(routes!(update_mapping::update_import_mapping))
        .routes(routes!(update_sheet::update_import_sheet))
        .routes(routes!(update_preset::update_import_preset))
        .routes(routes!(run::run_import))
        .routes(routes!(cancel::cancel_import))
        .routes(routes!(
            create_dry_run::create_import_dry_run,
            show_dry_run::show_import_dry_run
        ))
        .routes(routes!(list_dry_run_rows::list_import_dry_run_rows))
        .routes(routes!(create_undo::create_import_undo))
        .routes(routes!(show_effects::show_import_effects))
        .routes(routes!(list_conflicts::list_import_conflicts))
        .routes(routes!(list_rejected_rows::list_rejected_rows))
        .routes(routes!(rejected_rows_csv::show_rejected_rows_csv))
}

/// The upload: as long and as large as a file takes, so that it stands apart from all others.
pub(crate) fn uploads() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create::create_import))
}
