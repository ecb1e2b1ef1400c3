//! Prints what is recognized in a file: format, mapping with its reasons, rows and rows per second.
//!
//! `cargo run --release -p rapport-ingest --example inspect FILE`

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{self, Read, Write};
use std::time::Instant;

use rapport_ingest::{
    ReadOptions, RowReader, SAMPLE_ROWS, SNIFF_BYTES, guess_mapping, preview, sniff,
};

const CHUNK_ROWS: usize = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a file to inspect")?;
    let mut out = io::stdout().lock();

    let mut head = Vec::new();
    File::open(&path)?
        .take(SNIFF_BYTES as u64)
        .read_to_end(&mut head)?;
    let format = sniff(&head, &path)?;
    writeln!(out, "format   {}", serde_json::to_string(&format)?)?;

    let n_bytes = std::fs::metadata(&path)?.len();
    let seen = preview(File::open(&path)?, &format, SAMPLE_ROWS)?;
    writeln!(out, "rows     about {}", seen.line_count_guess(n_bytes))?;

    let mapping = guess_mapping(&seen.headers, &seen.sample_rows);
    writeln!(out, "entity   {}", serde_json::to_value(mapping.entity)?)?;
    writeln!(
        out,
        "dates    {:?}, decimal {:?}",
        mapping.dates, mapping.decimal
    )?;
    for column in &mapping.columns {
        let field = column.field.map_or("-", |field| field.name());
        let (confidence, reason) = (column.confidence, column.reason);
        writeln!(
            out,
            "  {:30} {field:24} {confidence:.2} {reason:?}",
            column.column
        )?;
    }

    let started = Instant::now();
    let mut reader = RowReader::new(
        File::open(&path)?,
        &format,
        &mapping,
        &ReadOptions::default(),
    )?;
    let mut n_taken = 0;
    let mut rejected = BTreeMap::new();
    while let Some(chunk) = reader.next_chunk(CHUNK_ROWS)? {
        n_taken += chunk.rows.len();
        for row in chunk.rejected {
            if rejected.values().sum::<usize>() < 5 {
                writeln!(out, "  line {}: {:?} {}", row.line, row.reason, row.message)?;
            }
            *rejected.entry(row.reason).or_insert(0_usize) += 1;
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let n_rows = n_taken + rejected.values().sum::<usize>();
    writeln!(out, "taken    {n_taken}")?;
    writeln!(out, "rejected {rejected:?}")?;
    writeln!(
        out,
        "speed    {:.0} rows/s ({seconds:.2} s)",
        n_rows as f64 / seconds
    )?;
    Ok(())
}
