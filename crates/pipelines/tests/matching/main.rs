//! Matching as stories: a company whose duplicates are known, found, decided on and taken back.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bounds;
mod company;
mod decisions;
mod quality;
mod stops;
