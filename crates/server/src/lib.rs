#![doc = include_str!("../README.md")]

mod answers;
mod app;
mod config;
mod edge;
mod error;
mod events;
mod extract;
mod health;
mod home;
mod openapi;
mod permissions;
mod respond;
mod routes;
mod serve;
mod session;
mod sightings;
mod signing;
mod state;
mod webhooks;
mod wire;

pub use app::{openapi_document, router};
pub use config::ServerConfig;
pub use routes::exports::{ExportFormat, ExportedList, ListExport};
pub use serve::{ServerError, bind, serve};
pub use session::{BadNetwork, Network};
pub use state::AppState;
pub use webhooks::run as run_webhooks;
