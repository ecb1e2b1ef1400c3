//! The printed table.

use std::error::Error;
use std::time::Instant;

/// A table of methods and their figures, printed row by row as they are found.
pub(crate) struct Report {
    n_decimals: usize,
}

impl Report {
    /// Prints the heading.
    pub(crate) fn begin(columns: &[&str], n_decimals: usize) -> Self {
        let names = columns.iter().map(|name| format!("{name:>14}"));
        println!("\n{:40}{}     seconds", "", names.collect::<String>());
        Self { n_decimals }
    }

    /// Prints what a method reached and how many seconds it took.
    pub(crate) fn row(&self, method: &str, figures: &[f64], seconds: f64) {
        let n_decimals = self.n_decimals;
        let figures = figures
            .iter()
            .map(|figure| format!("{figure:>14.n_decimals$}"));
        println!("{method:40}{}{seconds:>12.1}", figures.collect::<String>());
    }
}

/// What some work gave, and its seconds.
pub(crate) fn timed<R>(
    work: impl FnOnce() -> Result<R, Box<dyn Error>>,
) -> Result<(R, f64), Box<dyn Error>> {
    let start = Instant::now();
    let result = work()?;
    Ok((result, start.elapsed().as_secs_f64()))
}

/// Says on standard error why nothing came of it.
#[expect(clippy::print_stderr, reason = "a program says why it failed")]
pub(crate) fn complain(error: &dyn Error) {
    eprintln!("error: {error}");
}
