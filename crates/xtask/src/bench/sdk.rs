//! Whether Segment's own library for Node.js loses or doubles events where the network fails: it sends them
//! through a proxy that drops, cuts, delays, doubles and refuses requests (`bench/peers/segment`).

use std::{fs, net::SocketAddr, path::Path};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{
    kept::{self, Kept},
    options::Options,
    server::{fresh_folder, program},
};
use crate::{
    server::{Process, free_port},
    tool::Tool,
    workspace::Workspace,
};

pub(super) const OPTIONS: &[&str] = &["--events", "--seed", "--binary"];
const N_EVENTS: u64 = 5_000;
const N_USERS: usize = 50;

pub(super) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let n_events = options.number("--events", N_EVENTS)?;
    let seed = options.number("--seed", 1)?;
    let peer = workspace.root().join("bench/peers/segment");
    Tool::npm(&peer)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .run()?;
    let binary = program(workspace, options)?;
    let folder = fresh_folder(workspace, "events-sdk")?;
    let rapport = || {
        Tool::new(&binary)
            .arg("--data-dir")
            .arg(folder.join("data"))
    };
    let log = folder.join("server.log");
    let password = kept::init(rapport())?;
    let write_key = kept::write_key(rapport())?;
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
    let server = Process::serve_with(rapport(), address, &log)?;

    let said = Tool::new("node")
        .arg("send.mjs")
        .args(["--target", &format!("http://{address}")])
        .args(["--key", &write_key, "--seed", &seed.to_string()])
        .args(["--events", &n_events.to_string()])
        .args(["--people", &N_USERS.to_string()])
        .dir(&peer)
        .output()?;
    let said: Value = serde_json::from_str(said.trim()).context("reading what send.mjs printed")?;
    let n_per_batch = usize::try_from(n_events).context("so many events")?;
    let kept = Kept::hear(address, &password, (&[1], n_per_batch), N_USERS)?;
    drop(server);
    print(&said, &kept);
    judge(&folder, &log, &said, &kept)
}

fn print(said: &Value, kept: &Kept) {
    println!("| Figure | Goal | Measured |");
    println!("|---|---|---|");
    for (name, key) in [
        ("calls of the library", "sent"),
        ("calls that it says are delivered", "delivered"),
        ("requests that it needed", "requests"),
        ("seconds", "seconds"),
    ] {
        println!("| {name} | – | {} |", said[key]);
    }
    for (fault, n_requests) in said["proxy"].as_object().into_iter().flatten() {
        println!("| requests: `{fault}` | – | {n_requests} |");
    }
    println!("| events that came again | – | {} |", kept.n_duplicate);
    kept.print();
}

/// Fails where anything was lost or doubled; what it worked on stays then.
fn judge(folder: &Path, log: &Path, said: &Value, kept: &Kept) -> Result<()> {
    if said["failed"] != 0 {
        bail!("the library gave up on events: {}", said["failures"]);
    }
    if !kept.is_sound() {
        bail!("events were lost or doubled; see {}", folder.display());
    }
    let failures = kept::failures_in(log)?;
    if let Some(first) = failures.first() {
        bail!("the server's log tells of failures, first of: {first}");
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}
