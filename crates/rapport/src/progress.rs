//! Progress bars with rate and time left on standard error; plain lines where nobody watches.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One long step on the screen.
#[derive(Debug)]
pub(crate) struct Step {
    bar: ProgressBar,
    name: String,
    watched: bool,
}

impl Step {
    /// Starts a step; `total` is unknown at first.
    pub(crate) fn start(name: &str) -> Self {
        let watched = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(spinner_style());
        bar.set_message(name.to_owned());
        if watched {
            bar.enable_steady_tick(Duration::from_millis(120));
        } else {
            tracing::info!("{name}");
        }
        Self {
            bar,
            name: name.to_owned(),
            watched,
        }
    }

    /// Tells how far the step is.
    pub(crate) fn update(&self, done: u64, total: Option<u64>) {
        if let Some(total) = total
            && self.bar.length() != Some(total)
        {
            self.bar.set_length(total);
            self.bar.set_style(bar_style());
        }
        self.bar.set_position(done);
    }

    /// Ends the step with a sentence on what came of it.
    pub(crate) fn finish(self, outcome: &str) {
        let seconds = self.bar.elapsed().as_secs_f64();
        self.bar.finish_and_clear();
        if self.watched {
            let line = format!("✓ {} · {outcome} · {seconds:.1} s", self.name);
            self.bar.suspend(|| write_line(&line));
        } else {
            tracing::info!(seconds, "{}: {outcome}", self.name);
        }
    }
}

fn write_line(line: &str) {
    use std::io::Write;
    // A closed standard error must not stop the work.
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn spinner_style() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {msg} {human_pos} ({per_sec}) {elapsed}")
        .expect("the template is a constant")
}

fn bar_style() -> ProgressStyle {
    ProgressStyle::with_template(
        "{spinner} {msg} [{bar:30}] {human_pos}/{human_len} {per_sec}, {eta} left",
    )
    .expect("the template is a constant")
    .progress_chars("━╸ ")
}
