//! What every demonstration on real data shares: arguments, data files, budget, printed table.

mod arguments;
mod budget;
mod data;
mod report;

pub(crate) use arguments::Arguments;
pub(crate) use budget::Budget;
pub(crate) use data::open_gzip;
pub(crate) use report::{Report, timed};

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

/// Reads the arguments and does the work. Bad arguments end with 2, as everywhere on the command
/// line, and work that fails with 1 and one line that says why.
pub(crate) fn run(work: impl FnOnce(&Arguments) -> Result<(), Box<dyn Error>>) -> ExitCode {
    let arguments = Arguments::parse();
    match work(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::complain(error.as_ref());
            ExitCode::FAILURE
        }
    }
}
