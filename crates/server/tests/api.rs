//! The API as clients see it: each route of the tree has its file under `routes/`, and what
//! surrounds all routes stands under `edge/`; who may do what stands under `access/`. Requests go to the
//! router in process.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod app;
mod edge;
mod events;
mod routes;
