//! Writes a company and says how fast: `cargo run --release --example generate -- DIR [N] [SEED]`.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use rapport_twin::TwinParams;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory: PathBuf = arguments
        .next()
        .ok_or("name a directory to write to")?
        .into();
    let n_customers = arguments.next().map_or(Ok(3000), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(42), |text| text.parse())?;
    let begin = Instant::now();
    let twin = TwinParams::new(seed, n_customers).check()?;
    let counts = twin.write(&directory, &mut |_, _| {})?;
    let seconds = begin.elapsed().as_secs_f64();
    let mut out = io::stdout().lock();
    let mut total = 0;
    for file in &counts.files {
        total += file.rows;
        writeln!(out, "{:>10}  {}", file.rows, file.path)?;
    }
    writeln!(
        out,
        "{total:>10}  rows of {} people in {seconds:.2} s: {:.0} people/s, {:.0} rows/s",
        counts.people,
        counts.people as f64 / seconds,
        total as f64 / seconds
    )?;
    Ok(())
}
