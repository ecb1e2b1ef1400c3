//! What `rapport export` can be told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// What to write: contacts, companies, deals, tickets, tasks, notes, products, orders or campaigns
    #[arg(value_name = "LIST", required_unless_present = "all")]
    pub(crate) list: Option<String>,
    /// Everything there is, into a folder, with a manifest of counts and hashes
    #[arg(long, conflicts_with_all = ["list", "filter", "sort", "search"])]
    pub(crate) all: bool,
    /// Where to: a file, `-` for standard output or, with --all, a new folder
    #[arg(long, value_name = "PATH")]
    pub(crate) to: PathBuf,
    /// How to write tables [default: as the name of the file ends, else csv]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<TableFormat>,
    /// Only rows that are so, such as `city:eq:Berlin`; may be repeated
    #[arg(long, value_name = "FIELD:OP:VALUE")]
    pub(crate) filter: Vec<String>,
    /// Order, such as `-created_at,name`
    #[arg(long, value_name = "FIELDS")]
    pub(crate) sort: Option<String>,
    /// Only rows in which this text is found
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Comma-separated values
    Csv,
    /// One JSON object a line, as the API has it
    Jsonl,
    /// Excel workbook
    Xlsx,
    /// Parquet
    Parquet,
}
