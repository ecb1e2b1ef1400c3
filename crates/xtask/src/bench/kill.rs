//! Whether events outlive the program once they are acknowledged: it is killed at random moments while
//! clients send, and started again. Moments of its start are among them.
//!
//! What a kill takes is the process; the system and its disk go on. That a commit is on the disk before it
//! is acknowledged is SQLite's part (`synchronous = FULL`), which a kill alone cannot show.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};

use super::{
    kept::{self, Kept},
    options::Options,
    sender::{Sender, Sent, asks_for_patience},
    server::{fresh_folder, program},
};
use crate::{
    server::{Process, free_port, wait_until_ready},
    tool::Tool,
    workspace::Workspace,
};

pub(super) const OPTIONS: &[&str] = &["--kills", "--seed", "--binary"];
const N_KILLS: u64 = 200;
const N_CLIENTS: usize = 4;
/// Events of a batch: one of each user.
const N_EVENTS: usize = 100;
/// A process lives for so long: short lives end in the middle of its start, long ones reach the moves of
/// events into files.
const LIFE_MIN: Duration = Duration::from_millis(10);
const LIFE_MAX: Duration = Duration::from_secs(2);

pub(super) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let n_kills = options.number("--kills", N_KILLS)?;
    let mut lives = Lives(options.number("--seed", 1)?);
    let binary = program(workspace, options)?;
    let folder = fresh_folder(workspace, "events-kill")?;
    let data = folder.join("data");
    let rapport = || Tool::new(&binary).arg("--data-dir").arg(&data);
    let log = folder.join("server.log");
    let password = kept::init(rapport())?;
    let write_key = kept::write_key(rapport())?;
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
    let server = Process::serve_with(rapport(), address, &log)?;
    kept::introduce(
        &mut kept::sign_in(address, &password)?,
        &write_key,
        N_EVENTS,
    )?;

    let stop = AtomicBool::new(false);
    let (server, sent) = thread::scope(|scope| {
        let clients: Vec<_> = (0..N_CLIENTS)
            .map(|client| {
                let sender = Sender {
                    address,
                    write_key: write_key.clone(),
                    client,
                    n_events: N_EVENTS,
                    n_users: N_EVENTS,
                };
                let stop = &stop;
                scope.spawn(move || sender.send_until(stop, asks_for_patience))
            })
            .collect();
        let server = kill_and_start(server, n_kills, &mut lives, || {
            Process::start(rapport(), address, &log)
        });
        let server = server.and_then(|server| {
            wait_until_ready(address)?;
            Ok(server)
        });
        stop.store(true, Ordering::Relaxed);
        let sent: Result<Vec<Sent>> = clients
            .into_iter()
            .map(|client| client.join().expect("a client does not panic"))
            .collect();
        Ok::<_, anyhow::Error>((server?, sent?))
    })?;

    let n_batches: Vec<usize> = sent.iter().map(|sent| sent.n_batches).collect();
    let kept = Kept::hear(address, &password, (&n_batches, N_EVENTS), N_EVENTS)?;
    drop(server);
    print(&sent, n_kills, &kept);
    judge(&folder, &log, &kept, rapport())
}

/// Lets the server live for a while, kills it and starts it again, so many times.
fn kill_and_start(
    first: Process,
    n_kills: u64,
    lives: &mut Lives,
    start: impl Fn() -> Result<Process>,
) -> Result<Process> {
    let mut server = first;
    for _ in 0..n_kills {
        thread::sleep(lives.next_life());
        // Dropped, it is killed by SIGKILL.
        drop(server);
        server = start()?;
    }
    Ok(server)
}

/// How long processes live, from a seed: each order of magnitude as often as the others.
struct Lives(u64);

impl Lives {
    fn next_life(&mut self) -> Duration {
        // SplitMix64 (Steele, Lea and Flood 2014).
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let share = ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
        let times = LIFE_MAX.as_secs_f64() / LIFE_MIN.as_secs_f64();
        LIFE_MIN.mul_f64(times.powf(share))
    }
}

fn print(sent: &[Sent], n_kills: u64, kept: &Kept) {
    let n_broken: usize = sent.iter().map(|sent| sent.n_broken).sum();
    let n_refused: usize = sent.iter().map(|sent| sent.n_refused).sum();
    println!("| Figure | Goal | Measured |");
    println!("|---|---|---|");
    println!("| kills by SIGKILL | – | {n_kills} |");
    println!("| events acknowledged | – | {} |", kept.tally.n_events());
    println!("| requests that broke off or found nobody | – | {n_broken} |");
    println!("| requests told to come later | – | {n_refused} |");
    println!(
        "| events stored before the kill that cut off their answer, and sent again | – | {} |",
        kept.n_duplicate
    );
    kept.print();
}

/// Fails where anything was lost or doubled, a file is damaged or the server panicked; what it worked on
/// stays then.
fn judge(folder: &Path, log: &Path, kept: &Kept, rapport: Tool) -> Result<()> {
    if !kept.is_sound() {
        bail!("events were lost or doubled; see {}", folder.display());
    }
    let failures = kept::failures_in(log)?;
    if let Some(first) = failures.first() {
        bail!("the server's log tells of failures, first of: {first}");
    }
    let verified = rapport.arg("verify").output();
    verified.context("`rapport verify` found damage after the kills")?;
    println!("| `rapport verify` afterwards | sound | sound |");
    fs::remove_dir_all(folder)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives_are_within_their_bounds_and_of_every_length() {
        let mut lives = Lives(1);
        let all: Vec<Duration> = (0..1_000).map(|_| lives.next_life()).collect();

        assert!(all.iter().all(|life| (LIFE_MIN..=LIFE_MAX).contains(life)));
        let n_short = all.iter().filter(|life| life.as_millis() < 100).count();
        assert!((350..520).contains(&n_short), "{n_short} are short");
        assert_eq!(Lives(1).next_life(), all[0]);
    }
}
