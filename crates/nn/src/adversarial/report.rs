//! How much a model bears: the share of examples that it gets right as they are and under attack,
//! before and after it was hardened.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Attack, TextAttack};
use crate::NnError;

/// One way to look at a model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Challenge {
    /// Examples as they are.
    Clean,
    /// Texts, a share of whose characters is attacked.
    Text {
        /// How.
        attack: TextAttack,
        /// Share of the characters.
        share: f64,
    },
    /// Numbers, pushed along the gradient within what a customer could have.
    Numbers(Attack),
}

/// How many examples a model gets right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Those that it gets right.
    pub n_right: usize,
    /// All.
    pub n: usize,
}

impl Accuracy {
    /// Counts.
    pub fn of(is_right: &[bool]) -> Self {
        Self {
            n_right: is_right.iter().filter(|is_right| **is_right).count(),
            n: is_right.len(),
        }
    }

    /// The share, in `[0, 1]`; of no examples it is none.
    pub fn share(self) -> f64 {
        self.n_right as f64 / self.n as f64
    }
}

/// One challenge and how two models stood it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Resistance {
    /// The challenge.
    pub challenge: Challenge,
    /// The model that knew no attacks.
    pub before: Accuracy,
    /// The model that was hardened against them.
    pub after: Accuracy,
}

/// How a model stood all challenges, before and after it was hardened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RobustnessReport {
    /// Which model on which data, for people.
    pub subject: String,
    /// The clean one first.
    pub rows: Vec<Resistance>,
}

impl RobustnessReport {
    /// Puts two models through the same challenges.
    ///
    /// Each gives for a challenge whether it gets each example right. An attack along the gradient
    /// must be made against the model that is asked: one that was made against another proves
    /// nothing.
    ///
    /// # Errors
    /// [`NnError::NoExamples`], [`NnError::Shape`] when the models were asked about different
    /// numbers of examples, and whatever a model refuses.
    pub fn measure(
        subject: &str,
        attacks: &[Challenge],
        mut before: impl FnMut(Challenge) -> Result<Vec<bool>, NnError>,
        mut after: impl FnMut(Challenge) -> Result<Vec<bool>, NnError>,
    ) -> Result<Self, NnError> {
        let mut rows = Vec::with_capacity(attacks.len() + 1);
        for &challenge in std::iter::once(&Challenge::Clean).chain(attacks) {
            let before = Accuracy::of(&before(challenge)?);
            let after = Accuracy::of(&after(challenge)?);
            if before.n == 0 {
                return Err(NnError::NoExamples);
            }
            if before.n != after.n {
                return Err(NnError::Shape {
                    what: "the examples of the hardened model".to_owned(),
                    expected: vec![before.n],
                    actual: vec![after.n],
                });
            }
            rows.push(Resistance {
                challenge,
                before,
                after,
            });
        }
        Ok(Self {
            subject: subject.to_owned(),
            rows,
        })
    }

    /// What hardening changed where nobody attacks: negative where it cost accuracy.
    pub fn clean_change(&self) -> f64 {
        let clean = self.rows.first();
        clean.map_or(0.0, |row| row.after.share() - row.before.share())
    }

    /// The attack that the hardened model stands worst.
    pub fn weakest(&self) -> Option<&Resistance> {
        let attacked = self.rows.iter().skip(1);
        attacked.min_by(|a, b| a.after.share().total_cmp(&b.after.share()))
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clean => f.write_str("as they are"),
            Self::Text { attack, share } => {
                let name = match attack {
                    TextAttack::Typos => "typos",
                    TextAttack::Homoglyphs => "look-alike letters",
                    TextAttack::ZeroWidth => "invisible characters",
                    TextAttack::FullWidth => "full-width letters",
                    TextAttack::Pinyin => "pinyin",
                };
                write!(f, "{name}, {:.0} %", 100.0 * share)
            }
            Self::Numbers(Attack::Fgm { epsilon }) => write!(f, "FGM, {epsilon}"),
            Self::Numbers(Attack::Fgsm { epsilon }) => write!(f, "FGSM, {epsilon}"),
            Self::Numbers(Attack::Pgd {
                epsilon, n_steps, ..
            }) => write!(f, "PGD, {epsilon} in {n_steps} steps"),
        }
    }
}

impl fmt::Display for RobustnessReport {
    /// The table that people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.rows.first().map_or(0, |row| row.before.n);
        writeln!(f, "{}, {n} examples", self.subject)?;
        writeln!(
            f,
            "{:28} {:>8} {:>8} {:>8}",
            "", "before", "after", "change"
        )?;
        for row in &self.rows {
            let (before, after) = (row.before.share(), row.after.share());
            let name = row.challenge.to_string();
            writeln!(
                f,
                "{name:28} {before:8.4} {after:8.4} {:+8.4}",
                after - before
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPOS: Challenge = Challenge::Text {
        attack: TextAttack::Typos,
        share: 0.1,
    };
    const PUSH: Challenge = Challenge::Numbers(Attack::Fgsm { epsilon: 0.2 });

    /// Of ten examples 9 and 4 and 2, then 8 and 7 and 5.
    fn report() -> RobustnessReport {
        let first = |n: usize| (0..10).map(|i| i < n).collect::<Vec<bool>>();
        let before = |challenge| {
            Ok(first(match challenge {
                Challenge::Clean => 9,
                Challenge::Text { .. } => 4,
                Challenge::Numbers(_) => 2,
            }))
        };
        let after = |challenge| {
            Ok(first(match challenge {
                Challenge::Clean => 8,
                Challenge::Text { .. } => 7,
                Challenge::Numbers(_) => 5,
            }))
        };
        RobustnessReport::measure("a model", &[TYPOS, PUSH], before, after).unwrap()
    }

    #[test]
    fn the_clean_examples_come_first_and_the_price_is_told() {
        let report = report();

        assert_eq!(report.rows[0].challenge, Challenge::Clean);
        assert!((report.clean_change() + 0.1).abs() < 1e-12);
        assert_eq!(report.weakest().unwrap().challenge, PUSH);
    }

    #[test]
    fn the_table_has_a_row_for_each_challenge() {
        let table = report().to_string();

        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "a model, 10 examples");
        assert_eq!(lines.len(), 5);
        assert!(lines[3].starts_with("typos, 10 %") && lines[3].ends_with("+0.3000"));
    }

    #[test]
    fn models_asked_about_different_examples_are_not_compared() {
        let measured = RobustnessReport::measure(
            "two models",
            &[],
            |_| Ok(vec![true; 3]),
            |_| Ok(vec![true; 4]),
        );
        assert!(matches!(measured, Err(NnError::Shape { .. })));

        let nothing = |_| Ok(Vec::new());
        let measured = RobustnessReport::measure("nothing", &[], nothing, nothing);
        assert!(matches!(measured, Err(NnError::NoExamples)));
    }

    #[test]
    fn a_report_is_read_back_as_it_was() {
        let json = serde_json::to_string(&report()).unwrap();

        let again: RobustnessReport = serde_json::from_str(&json).unwrap();

        assert_eq!(again, report());
    }
}
