//! The API as clients see it: each route of the tree has its file under `routes/`, and what
//! surrounds all routes stands under `edge/`. Requests go to the router in process.

mod app;
mod edge;
mod routes;
