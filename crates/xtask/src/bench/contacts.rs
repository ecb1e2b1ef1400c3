//! A million contacts from a file, and taken back.
//!
//! On PostgreSQL the memory is that of the program alone.

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use super::server::{Place, build, fresh_folder, memory_mib};
use crate::{tool::Tool, workspace::Workspace};

const N_CONTACTS: usize = 1_000_000;
const N_COMPANIES: usize = 10_000;
/// What is asked of two cores, in rows a second and MiB.
const GOAL_RATE: f64 = 16_000.0;
const GOAL_MIB: f64 = 1024.0;
/// How often the memory of the program is read; its peak is kept by the kernel.
const LOOK: Duration = Duration::from_millis(50);

pub(super) fn run(workspace: &Workspace, database: Option<&str>) -> Result<()> {
    let binary = build(workspace)?;
    let folder = fresh_folder(workspace, "contacts")?;
    let file = folder.join("contacts.csv");
    write_contacts(&file)?;
    let place = Place {
        binary,
        data: folder.join("data"),
        database: database.map(str::to_owned),
    };

    let import = measured(place.rapport().arg("import").arg(&file))?;
    let undo = measured(place.rapport().args(["undo", "contacts.csv"]))?;

    println!("| Figure | Goal | Measured |");
    println!("|---|---|---|");
    for (name, done, goal) in [
        ("imported", &import, GOAL_RATE),
        ("taken back", &undo, import.rate()),
    ] {
        println!(
            "| {N_CONTACTS} contacts {name}: rows a second | {goal:.0} | {:.0} |",
            done.rate()
        );
        println!(
            "| {N_CONTACTS} contacts {name}: peak memory, MiB | {GOAL_MIB:.0} | {:.0} |",
            done.peak_mib
        );
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Contacts with keys, addresses and phones of their own, a hundred to a company.
fn write_contacts(path: &Path) -> Result<()> {
    const FIRST: [&str; 8] = ["Ann", "Bob", "Carla", "David", "Li", "Maria", "Olga", "Wei"];
    const LAST: [&str; 7] = ["Smith", "Müller", "Rossi", "Kim", "Novak", "Zhang", "Silva"];
    const CITIES: [&str; 5] = ["Berlin", "Paris", "London", "上海", "Madrid"];
    let mut file = BufWriter::new(File::create(path).context("creating the file of contacts")?);
    writeln!(
        file,
        "Customer ID,First Name,Last Name,Email,Phone,City,Company"
    )?;
    for idx in 0..N_CONTACTS {
        let (first, last) = (FIRST[idx % FIRST.len()], LAST[idx % LAST.len()]);
        let (city, company) = (CITIES[idx % CITIES.len()], idx % N_COMPANIES);
        writeln!(
            file,
            "C{idx:07},{first},{last},{}.{idx}@example{company}.com,+49151{idx:08},{city},Company {company}",
            first.to_lowercase()
        )?;
    }
    file.flush()?;
    Ok(())
}

/// How long a command took and how much memory it had at its peak.
struct Measured {
    seconds: f64,
    peak_mib: f64,
}

impl Measured {
    fn rate(&self) -> f64 {
        N_CONTACTS as f64 / self.seconds
    }
}

fn measured(tool: Tool) -> Result<Measured> {
    let mut command = tool.arg("--json").into_command();
    let started = Instant::now();
    let mut process = command.stdout(Stdio::null()).spawn()?;
    let mut peak_mib: f64 = 0.0;
    let status = loop {
        // A process that has just ended shows no memory any more: the look before counts.
        if let Ok(mib) = memory_mib(process.id(), "VmHWM") {
            peak_mib = peak_mib.max(mib);
        }
        if let Some(status) = process.try_wait()? {
            break status;
        }
        thread::sleep(LOOK);
    };
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(Measured {
        seconds: started.elapsed().as_secs_f64(),
        peak_mib,
    })
}
