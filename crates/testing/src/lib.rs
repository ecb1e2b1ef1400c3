#![doc = include_str!("../README.md")]

mod events;
mod kills;
mod orders_file;
pub mod peers;

use std::path::Path;

use rapport_domain::Timestamp;

pub use events::EventBuilder;
pub use kills::{killed_at_wait, killed_when};
pub use orders_file::OrdersFile;

/// The device that every machine has.
const CPU: &str = "cpu";

/// An instant from RFC 3339 text.
///
/// # Panics
/// Where the text is no instant: a test's own mistake.
pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a test's instant is RFC 3339")
}

/// The database of the workspace in a folder: none, which is SQLite there, or, where
/// `RAPPORT_TEST_POSTGRES` names a server, a schema that bears the folder's name.
///
/// `cargo xtask test` starts a server and sets it.
pub fn database_of(folder: &Path) -> Option<String> {
    let server = std::env::var("RAPPORT_TEST_POSTGRES").ok()?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.bytes().map(|byte| format!("{byte:x}")).collect();
    Some(format!("{server}?options[search_path]=test_{name}"))
}

/// The device on which tests of networks compute: what `RAPPORT_TEST_DEVICE` names, `cpu` without it.
///
/// `cargo xtask test --device cuda` sets it.
pub fn device_name() -> String {
    std::env::var("RAPPORT_TEST_DEVICE").unwrap_or_else(|_| CPU.to_owned())
}

/// How far a number may be off on the device of the tests, given how far on the processor.
///
/// CUDA multiplies in TF32, whose ten bits of fraction leave an error of about a thousandth; a few
/// layers on, some of those add up.
pub fn tolerance(on_cpu: f64) -> f64 {
    if device_name() == CPU {
        return on_cpu;
    }
    on_cpu.max(1e-2)
}
