//! The pool: records that are nobody's. Who may claims one, gives one back, and what nobody has attended to
//! for long enough returns by itself.

use serde::{Deserialize, Serialize};

use crate::{Invalid, Violation};

/// The most records that a limit can name.
const N_OWNED_MAX: u32 = 1_000_000;
/// The longest time without activity that a rule can name: ten years.
const DAYS_MAX: u32 = 3_650;

/// The rule of the pool of one kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolRule {
    /// The most records that one colleague may have and still claim another; no limit where absent.
    pub n_owned_max: Option<u32>,
    /// Days without activity after which a record returns to the pool; never where absent.
    pub return_after_days: Option<u32>,
}

impl PoolRule {
    /// Checks what people type.
    ///
    /// # Errors
    /// [`Invalid`] where a number is zero or beyond any use.
    pub fn check(&self) -> Result<(), Invalid> {
        let numbers = [
            ("/n_owned_max", self.n_owned_max, N_OWNED_MAX),
            ("/return_after_days", self.return_after_days, DAYS_MAX),
        ];
        let violations = numbers.into_iter().filter_map(|(pointer, number, max)| {
            let number = number.filter(|number| !(1..=max).contains(number))?;
            let message = format!("choose a number from 1 to {max}, or none; {number} is neither");
            Some(Violation::new(pointer, "not_in_range", message))
        });
        Invalid::check(violations.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(n_owned_max: Option<u32>, return_after_days: Option<u32>) -> Vec<String> {
        let rule = PoolRule {
            n_owned_max,
            return_after_days,
        };
        let invalid = rule.check().err();
        let violations = invalid.into_iter().flat_map(|invalid| invalid.violations);
        violations.map(|v| v.pointer.to_string()).collect()
    }

    #[test]
    fn a_rule_names_numbers_that_mean_something() {
        assert!(pointers(None, None).is_empty());
        assert!(pointers(Some(1), Some(3_650)).is_empty());
        assert_eq!(
            pointers(Some(0), Some(3_651)),
            ["/n_owned_max", "/return_after_days"]
        );
        assert_eq!(pointers(Some(1_000_001), None), ["/n_owned_max"]);
    }
}
