//! The options of the race, and its other side.

use std::error::Error;
use std::path::PathBuf;
use std::process::Command;

use rapport_testing::peers;

/// How to race.
pub(crate) struct Options {
    pub(crate) n_threads: usize,
    pub(crate) seconds: f64,
    pub(crate) n_rounds: usize,
    /// Only networks whose name begins so.
    pub(crate) only: String,
    python: Option<PathBuf>,
}

impl Options {
    pub(crate) fn from_args() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            n_threads: 2,
            seconds: 5.0,
            n_rounds: 2,
            only: String::new(),
            python: None,
        };
        let mut args = std::env::args().skip(1);
        while let Some(name) = args.next() {
            let value = args.next().ok_or(format!("{name} needs a value"))?;
            match name.as_str() {
                "--threads" => options.n_threads = value.parse()?,
                "--seconds" => options.seconds = value.parse()?,
                "--rounds" => options.n_rounds = value.parse()?,
                "--only" => options.only = value,
                "--python" => options.python = Some(value.into()),
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        Ok(options)
    }
}

/// What PyTorch reports for one network.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Run {
    pub(crate) name: String,
    pub(crate) min_ms: f64,
}

#[derive(serde::Deserialize)]
struct Report {
    runs: Vec<Run>,
}

pub(crate) fn run_peer(options: &Options) -> Result<Vec<Run>, Box<dyn Error>> {
    let python = match &options.python {
        Some(python) => python.clone(),
        None => peers::python()?,
    };
    let output = Command::new(python)
        .arg(peers::folder().join("networks.py"))
        .args([options.n_threads.to_string(), options.seconds.to_string()])
        .arg(&options.only)
        .env("OMP_NUM_THREADS", options.n_threads.to_string())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let report: Report = serde_json::from_slice(&output.stdout)?;
    Ok(report.runs)
}
