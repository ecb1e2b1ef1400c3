//! `cargo xtask bench`: the benchmarks of `docs/benchmarks.md`, one command each.
//!
//! They print figures and judge none of them: a figure belongs to a machine and to its load. Those that put
//! the program to the proof under faults fail where anything was lost or doubled.

mod browser;
mod company_files;
mod contacts;
mod events;
mod http;
mod kept;
mod kill;
mod matching;
mod options;
mod records;
mod retail;
mod schema;
mod sdk;
mod sender;
mod server;
mod stops;
mod ui;

use anyhow::{Result, bail};

use self::options::Options;
use crate::{
    test::postgres::{Cluster, Durability},
    tool::Tool,
    workspace::Workspace,
};

/// A benchmark and how it is run.
struct Benchmark {
    name: &'static str,
    what: &'static str,
    /// Names of what may be said to it.
    options: &'static [&'static str],
    run: fn(&Workspace, &Options) -> Result<()>,
}

const BENCHMARKS: [Benchmark; 17] = [
    Benchmark {
        name: "contacts",
        what: "1,000,000 contacts imported from CSV and taken back: rows a second, peak memory",
        options: &[],
        run: |workspace, _| contacts::run(workspace, None),
    },
    Benchmark {
        name: "contacts-postgres",
        what: "the same on a PostgreSQL of its own",
        options: &[],
        run: |workspace, _| {
            let cluster = Cluster::start(Durability::Full)?;
            contacts::run(workspace, Some(&cluster.address()))
        },
    },
    Benchmark {
        name: "events",
        what: "events a second over HTTP, durable: 4 clients, batches of 100",
        options: &[],
        run: |workspace, _| events::run(workspace, None),
    },
    Benchmark {
        name: "events-kill",
        what: "events of 4 clients while the server is killed 200 times: lost, doubled (--kills N, --seed N)",
        options: kill::OPTIONS,
        run: kill::run,
    },
    Benchmark {
        name: "events-postgres",
        what: "the rate again, on a PostgreSQL of its own",
        options: &[],
        run: |workspace, _| {
            let cluster = Cluster::start(Durability::Full)?;
            events::run(workspace, Some(&cluster.address()))
        },
    },
    Benchmark {
        name: "events-sdk",
        what: "5,000 events by Segment's library for Node.js through a proxy that fails (--events N, --seed N)",
        options: sdk::OPTIONS,
        run: sdk::run,
    },
    Benchmark {
        name: "kmeans",
        what: "k-means on 1,000,000 × 20, k = 8, beside scikit-learn from the same starts",
        options: &[],
        run: |workspace, _| example(workspace, "rapport-segment", "kmeans_million"),
    },
    Benchmark {
        name: "matching",
        what: "files of people and 1,000,000 made ones deduplicated, 5,000 linked with 5,000, beside Splink",
        options: &[],
        run: |workspace, _| matching::run(workspace),
    },
    Benchmark {
        name: "postgres-stops",
        what: "requests, events and imports while PostgreSQL is stopped and started (--stops N)",
        options: stops::OPTIONS,
        run: stops::run,
    },
    Benchmark {
        name: "records",
        what: "a company with 250,000 contacts: opening, listing, searching, saving",
        options: &[],
        run: |workspace, _| records::run(workspace, records::COMPANY, None),
    },
    Benchmark {
        name: "records-million",
        what: "the same with 1,000,000 contacts",
        options: &[],
        run: |workspace, _| records::run(workspace, records::LARGE_COMPANY, None),
    },
    Benchmark {
        name: "records-postgres",
        what: "the same with 250,000 contacts on a PostgreSQL of its own",
        options: &[],
        run: |workspace, _| {
            let cluster = Cluster::start(Durability::Full)?;
            records::run(workspace, records::COMPANY, Some(&cluster.address()))
        },
    },
    Benchmark {
        name: "retail",
        what: "real orders from file to segments: seconds per step (import, features, segments), peak memory",
        options: &[],
        run: |workspace, _| retail::run(workspace),
    },
    Benchmark {
        name: "schema",
        what: "made-up requests held against the description of the API, by schemathesis (--examples N, --seed N)",
        options: schema::OPTIONS,
        run: |workspace, options| schema::run(workspace, options, None),
    },
    Benchmark {
        name: "schema-postgres",
        what: "the same on a PostgreSQL of its own",
        options: schema::OPTIONS,
        run: |workspace, options| {
            let cluster = Cluster::start(Durability::None)?;
            schema::run(workspace, options, Some(&cluster.address()))
        },
    },
    Benchmark {
        name: "server",
        what: "seconds to the first answer of a cold start, memory of an idle server",
        options: &[],
        run: |workspace, _| server::run(workspace),
    },
    Benchmark {
        name: "ui",
        what: "size of the web app's scripts, compressed",
        options: &[],
        run: |workspace, _| ui::run(workspace),
    },
];

/// Prints what there is to run.
pub(crate) fn list() {
    for Benchmark { name, what, .. } in BENCHMARKS {
        println!("cargo xtask bench {name:16} {what}");
    }
}

/// Runs the benchmark of that name, with what is said to it.
pub(crate) fn run(workspace: &Workspace, name: &str, arguments: &[&str]) -> Result<()> {
    match BENCHMARKS.iter().find(|benchmark| benchmark.name == name) {
        Some(benchmark) => {
            let options = Options::parse(arguments, benchmark.options)?;
            (benchmark.run)(workspace, &options)
        }
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
