//! The HTTP API: routes, sessions, OpenAPI, progress streams.
