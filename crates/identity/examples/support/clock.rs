//! Seconds per step, of the clock and of the processor: beside other work only the latter tell.

use std::sync::Mutex;
use std::time::Instant;

use rapport_learn::Progress;

/// Ticks of the kernel's books in a second.
const TICKS: f64 = 100.0;

/// Notes when each step began.
pub(crate) struct Clock {
    steps: Mutex<Vec<(String, Instant, f64)>>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            steps: Mutex::new(Vec::new()),
        }
    }

    pub(crate) fn step(&self, name: &str) {
        if let Ok(mut steps) = self.steps.lock() {
            steps.push((name.to_owned(), Instant::now(), processor_seconds()));
        }
    }

    /// Prints each step that is over; the last one ends now.
    pub(crate) fn print(&self) {
        self.step("");
        let Ok(steps) = self.steps.lock() else {
            return;
        };
        for pair in steps.windows(2) {
            println!(
                "{:>32} {:6.1} s, {:6.1} s of processors",
                pair[0].0,
                (pair[1].1 - pair[0].1).as_secs_f64(),
                pair[1].2 - pair[0].2
            );
        }
    }
}

impl Progress for Clock {
    fn report(&self, step: &str, _done: u64, _total: u64) {
        self.step(step);
    }
}

/// What all threads of this process have used so far.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / TICKS
}
