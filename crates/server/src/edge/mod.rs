//! What surrounds every request, whatever its route: identity, log line, metrics, headers, guards.

mod accept;
mod csrf;
mod headers;
mod host;
mod idempotency;
mod metrics;
mod observe;
mod problems;
mod timeout;

pub(crate) use accept::serve_connections;
pub(crate) use csrf::refuse_forged;
pub(crate) use headers::{IsHttps, secure};
pub(crate) use host::{AllowedHosts, refuse_strange_hosts};
pub(crate) use idempotency::{do_once, refuse_key};
pub(crate) use metrics::{ArchiveGauges, Gauges, Metrics};
pub(crate) use observe::{RequestId, observe};
pub(crate) use problems::{after_panic, render_problems, with_problem};
pub(crate) use timeout::within_time;
