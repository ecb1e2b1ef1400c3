//! A chore's steps, and the table that closes it.

use std::{fmt, time::Instant};

use anyhow::{Result, bail};

/// Steps in the order in which they ran.
#[derive(Debug)]
pub(crate) struct Report {
    chore: &'static str,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: &'static str,
    outcome: Outcome,
    seconds: f64,
    note: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    /// Could not run because an earlier step failed; counts as a failure.
    NotRun,
    /// Is not part of this chore on this machine; does not count.
    Noted,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "ok",
            Self::Failed => "FAILED",
            Self::NotRun => "NOT RUN",
            Self::Noted => "note",
        })
    }
}

impl Report {
    pub(crate) fn new(chore: &'static str) -> Self {
        Self {
            chore,
            rows: Vec::new(),
        }
    }

    /// Runs a step. It may write a few words for the table into its argument; the first line of
    /// its error goes there if it fails, the whole error is printed at once.
    pub(crate) fn step<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut String) -> Result<T>,
    ) -> Option<T> {
        println!("\n=== {name}");
        let started = Instant::now();
        let mut note = String::new();
        let result = work(&mut note);
        let seconds = started.elapsed().as_secs_f64();
        let (outcome, value) = match result {
            Ok(value) => (Outcome::Passed, Some(value)),
            Err(error) => {
                let text = format!("{error:#}");
                eprintln!("{name}: {text}");
                note = text.lines().next().unwrap_or_default().to_owned();
                (Outcome::Failed, None)
            }
        };
        self.rows.push(Row {
            name,
            outcome,
            seconds,
            note,
        });
        value
    }

    /// Records a step that cannot run without an earlier one.
    pub(crate) fn not_run(&mut self, name: &'static str, why: impl Into<String>) {
        self.rows.push(Row {
            name,
            outcome: Outcome::NotRun,
            seconds: 0.0,
            note: why.into(),
        });
    }

    /// Records something worth knowing that is no failure.
    pub(crate) fn note(&mut self, name: &'static str, what: impl Into<String>) {
        self.rows.push(Row {
            name,
            outcome: Outcome::Noted,
            seconds: 0.0,
            note: what.into(),
        });
    }

    /// The closing table.
    pub(crate) fn table(&self) -> String {
        let width = self
            .rows
            .iter()
            .map(|row| row.name.len())
            .max()
            .unwrap_or_default();
        let mut table = format!("{}\n", self.chore);
        for Row {
            name,
            outcome,
            seconds,
            note,
        } in &self.rows
        {
            let line = format!("  {name:width$}  {outcome:7}  {seconds:7.1} s  {note}");
            table.push_str(line.trim_end());
            table.push('\n');
        }
        table
    }

    /// An error that counts the failed steps, if any failed.
    pub(crate) fn verdict(&self) -> Result<()> {
        let failed: Vec<&str> = self
            .rows
            .iter()
            .filter(|row| matches!(row.outcome, Outcome::Failed | Outcome::NotRun))
            .map(|row| row.name)
            .collect();
        if !failed.is_empty() {
            bail!(
                "{} of {} steps failed: {}",
                failed.len(),
                self.rows.len(),
                failed.join(", ")
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn table_shows_every_step_and_failures_decide() {
        let mut report = Report::new("chore");

        let value = report.step("first", |note| {
            note.push_str("3 things");
            Ok(3)
        });
        report.note("aside", "not here");
        assert!(report.verdict().is_ok());
        report.step("second", |_| Err::<(), _>(anyhow!("broke\nin detail")));
        report.not_run("third", "needs second");

        assert_eq!(value, Some(3));
        let table = report.table();
        assert!(table.contains("first   ok"), "{table}");
        assert!(table.contains("3 things"));
        assert!(table.contains("FAILED") && table.contains("broke") && !table.contains("detail"));
        let verdict = report.verdict().unwrap_err().to_string();
        assert_eq!(verdict, "2 of 4 steps failed: second, third");
    }
}
