//! Contacts and what is known about each.

mod bulk;
mod contact;
mod create;
mod delete;
mod entry;
mod known;
mod list;
mod patch;
mod profile;
mod show;
mod source_records;
mod timeline;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use contact::{Contact, ContactList};
pub(crate) use show::find;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_contacts, create::create_contact))
        .routes(routes!(bulk::create_contact_bulk_edit))
        .routes(routes!(
            show::show_contact,
            update::update_contact,
            delete::delete_contact
        ))
        .routes(routes!(profile::show_contact_profile))
        .routes(routes!(timeline::list_contact_timeline))
        .routes(routes!(source_records::list_contact_source_records))
}
