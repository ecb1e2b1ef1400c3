//! Files in, rows out: everything through the public interface.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how a test fails, in its helper functions too"
)]

mod events;
mod files;
mod formats;
mod online_retail;
mod presets;
mod properties;
mod reading;
mod rejected;
mod rows;
mod workbooks;
