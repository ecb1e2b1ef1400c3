//! Features through their public face: worked by hand, blind to what comes later.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod definitions;
mod history;
mod properties;
mod subset;
