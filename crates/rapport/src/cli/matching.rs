//! What `rapport match` and `rapport lab match` can be told.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct MatchArgs {
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LabMatchArgs {
    /// File with rows to match with each other: Parquet; or CSV, TSV or JSON lines, plain or gzip
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present_any = ["left", "pairs"],
        conflicts_with = "left"
    )]
    pub(crate) records: Option<PathBuf>,
    /// File whose rows are matched with those of --right; each of the two has a person once
    #[arg(long, value_name = "FILE", requires = "right")]
    pub(crate) left: Option<PathBuf>,
    /// The other file
    #[arg(long, value_name = "FILE", requires = "left")]
    pub(crate) right: Option<PathBuf>,
    /// Folder of labelled pairs to learn from and to measure on, plain or gzip: tableA.csv, tableB.csv,
    /// train.csv, valid.csv; or train.txt and valid.txt with `COL name VAL value` records
    #[arg(
        long,
        value_name = "FOLDER",
        conflicts_with_all = ["records", "left", "truth", "no_header", "save"]
    )]
    pub(crate) pairs: Option<PathBuf>,
    /// Pairs of ids that are the same, or have a label that says so; used for scoring only
    #[arg(long, value_name = "PAIRS")]
    pub(crate) truth: Option<PathBuf>,
    /// Roles: id=COLUMN, cluster=COLUMN (the truth, used for scoring only), or what a column holds:
    /// given_name=, surname=, full_name=, company=, birth_date=, phone=, email=, street=, house_number=,
    /// city=, postcode=, identifier=, number=, category=, text=, ignore=; a column may be #INDEX from 0
    /// [default: by names and values]
    #[arg(long = "map", value_name = "ROLE=COLUMN")]
    pub(crate) map: Vec<String>,
    /// The files of rows have no header line
    #[arg(long)]
    pub(crate) no_header: bool,
    /// Seed
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Seconds that matching may take
    #[arg(long, value_name = "SECONDS")]
    pub(crate) budget: Option<u64>,
    /// Write each row's group to this new CSV file
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}
