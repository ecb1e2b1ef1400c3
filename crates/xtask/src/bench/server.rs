//! How fast a server with data in it starts, and what it holds when nobody asks.

use std::{
    env::consts::EXE_SUFFIX,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::options::Options;
use crate::{server::Process, tool::Tool, workspace::Workspace};

const N_CUSTOMERS: u32 = 2_000;
const N_STARTS: usize = 5;
/// Long enough for start-up work and lazily freed memory to settle.
const SETTLE: Duration = Duration::from_secs(10);

pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let binary = build(workspace)?;
    let folder = fresh_folder(workspace, "server")?;
    let data = folder.join("data");
    Tool::new(&binary)
        .args([
            "demo",
            "--once",
            "--json",
            "--customers",
            &N_CUSTOMERS.to_string(),
        ])
        .arg("--data-dir")
        .arg(&data)
        .run()?;

    let mut seconds = Vec::new();
    let mut idle_mib = None;
    for start in 0..N_STARTS {
        let started = Instant::now();
        let process = Process::serve(&binary, &data, &folder.join("server.log"))?;
        seconds.push(started.elapsed().as_secs_f64());
        if start + 1 == N_STARTS {
            thread::sleep(SETTLE);
            idle_mib = Some(memory_mib(process.id(), "VmRSS")?);
        }
    }
    seconds.sort_by(f64::total_cmp);
    println!(
        "cold start to /readyz, median of {N_STARTS}: {:.3} s",
        seconds[N_STARTS / 2]
    );
    if let Some(mib) = idle_mib {
        println!("idle server, {N_CUSTOMERS} customers: {mib:.0} MiB resident");
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Where a program keeps what it is told: in a folder, its records on a PostgreSQL server where one is named.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) binary: PathBuf,
    pub(super) data: PathBuf,
    pub(super) database: Option<String>,
}

impl Place {
    /// The program, told where.
    pub(super) fn rapport(&self) -> Tool {
        let tool = Tool::new(&self.binary).arg("--data-dir").arg(&self.data);
        match &self.database {
            Some(address) => tool.env("RAPPORT_DATABASE", address),
            None => tool,
        }
    }
}

/// The release binary with the web app inside.
pub(super) fn build(workspace: &Workspace) -> Result<PathBuf> {
    Tool::cargo(workspace.root())
        .args(["build", "--release", "--package", "rapport"])
        .env("RAPPORT_UI", crate::check::ui::mode())
        .run()?;
    Ok(workspace
        .target()
        .join("release")
        .join(format!("rapport{EXE_SUFFIX}")))
}

/// The program that the options name, or else that of [`build`].
pub(super) fn program(workspace: &Workspace, options: &Options) -> Result<PathBuf> {
    match options.binary() {
        Some(binary) => Ok(binary),
        None => build(workspace),
    }
}

/// An empty folder for a benchmark's data.
pub(super) fn fresh_folder(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let folder = workspace.target().join("xtask").join("bench").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    Ok(folder)
}

/// Memory of a process by its name in Linux's `/proc`: `VmRSS` resident now, `VmHWM` at its peak.
pub(super) fn memory_mib(process: u32, name: &str) -> Result<f64> {
    let path = format!("/proc/{process}/status");
    let status = fs::read_to_string(Path::new(&path))
        .with_context(|| format!("reading {path}; memory is measured on Linux only"))?;
    let line = status.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key == name).then_some(value)
    });
    let kib = line.and_then(|line| line.split_whitespace().next());
    let kib: f64 = kib
        .with_context(|| format!("{name} is missing"))?
        .parse()
        .with_context(|| format!("{name} is no number"))?;
    Ok(kib / 1024.0)
}
