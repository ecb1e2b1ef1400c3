//! `cargo xtask bench`: the benchmarks of `docs/benchmarks.md`, one command each.
//!
//! They print figures and judge nothing: a figure belongs to a machine and to its load.

mod company_files;
mod contacts;
mod events;
mod http;
mod records;
mod retail;
mod server;
mod ui;

use anyhow::{Result, bail};

use crate::{
    test::postgres::{Cluster, Durability},
    tool::Tool,
    workspace::Workspace,
};

/// A benchmark and how it is run.
struct Benchmark {
    name: &'static str,
    what: &'static str,
    run: fn(&Workspace) -> Result<()>,
}

const BENCHMARKS: [Benchmark; 9] = [
    Benchmark {
        name: "contacts",
        what: "1,000,000 contacts imported from CSV and taken back: rows a second, peak memory",
        run: contacts::run,
    },
    Benchmark {
        name: "events",
        what: "events a second over HTTP, durable: 4 clients, batches of 100",
        run: events::run,
    },
    Benchmark {
        name: "kmeans",
        what: "k-means on 1,000,000 × 20, k = 8, beside scikit-learn from the same starts",
        run: |workspace| example(workspace, "rapport-segment", "kmeans_million"),
    },
    Benchmark {
        name: "records",
        what: "a company with 250,000 contacts: opening, listing, searching, saving",
        run: |workspace| records::run(workspace, records::COMPANY, None),
    },
    Benchmark {
        name: "records-million",
        what: "the same with 1,000,000 contacts",
        run: |workspace| records::run(workspace, records::LARGE_COMPANY, None),
    },
    Benchmark {
        name: "records-postgres",
        what: "the same with 250,000 contacts on a PostgreSQL of its own",
        run: |workspace| {
            let cluster = Cluster::start(Durability::Full)?;
            records::run(workspace, records::COMPANY, Some(&cluster.address()))
        },
    },
    Benchmark {
        name: "retail",
        what: "real orders from file to segments: seconds per step (import, features, segments), peak memory",
        run: retail::run,
    },
    Benchmark {
        name: "server",
        what: "seconds to the first answer of a cold start, memory of an idle server",
        run: server::run,
    },
    Benchmark {
        name: "ui",
        what: "size of the web app's scripts, compressed",
        run: ui::run,
    },
];

/// Prints what there is to run.
pub(crate) fn list() {
    for Benchmark { name, what, .. } in BENCHMARKS {
        println!("cargo xtask bench {name:16} {what}");
    }
}

/// Runs the benchmark of that name.
pub(crate) fn run(workspace: &Workspace, name: &str) -> Result<()> {
    match BENCHMARKS.iter().find(|benchmark| benchmark.name == name) {
        Some(benchmark) => (benchmark.run)(workspace),
        None => {
            let names: Vec<&str> = BENCHMARKS.iter().map(|benchmark| benchmark.name).collect();
            bail!("`{name}` is no benchmark; there are {}", names.join(", "))
        }
    }
}

/// An example of a crate that measures itself.
fn example(workspace: &Workspace, package: &str, name: &str) -> Result<()> {
    Tool::cargo(workspace.root())
        .args(["run", "--release", "--package", package, "--example", name])
        .run()
}
