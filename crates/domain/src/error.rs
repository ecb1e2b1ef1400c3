//! What makes a value invalid, said so that the caller can mend it.

use thiserror::Error;

/// One broken rule: where, which, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer to the offending field (RFC 6901), such as `/email`.
    pub pointer: &'static str,
    /// Stable machine-readable code, such as `too_long`.
    pub code: &'static str,
    /// Sentence for people: what is wrong and what to do.
    pub message: String,
}

impl Violation {
    /// Builds a violation.
    pub fn new(pointer: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            pointer,
            code,
            message: message.into(),
        }
    }
}

/// A record or value that breaks at least one rule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.summary())]
pub struct Invalid {
    /// All broken rules, so that a form can show them at once.
    pub violations: Vec<Violation>,
}

impl Invalid {
    /// One broken rule.
    pub fn one(pointer: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            violations: vec![Violation::new(pointer, code, message)],
        }
    }

    /// `Ok` where nothing is broken.
    ///
    /// # Errors
    /// [`Invalid`] with all violations otherwise.
    pub fn check(violations: Vec<Violation>) -> Result<(), Self> {
        if violations.is_empty() {
            Ok(())
        } else {
            Err(Self { violations })
        }
    }

    fn summary(&self) -> String {
        let parts: Vec<_> = self
            .violations
            .iter()
            .map(|v| format!("{}: {}", v.pointer, v.message))
            .collect();
        parts.join("; ")
    }
}

/// Checks that a text is not blank and at most `max` characters long.
pub(crate) fn check_text(
    violations: &mut Vec<Violation>,
    pointer: &'static str,
    text: &str,
    max: usize,
) {
    if text.trim().is_empty() {
        violations.push(Violation::new(pointer, "blank", "must not be empty"));
    }
    check_length(violations, pointer, text, max);
}

/// Checks that a text is at most `max` characters long.
pub(crate) fn check_length(
    violations: &mut Vec<Violation>,
    pointer: &'static str,
    text: &str,
    max: usize,
) {
    if text.chars().count() > max {
        let message = format!("must have at most {max} characters");
        violations.push(Violation::new(pointer, "too_long", message));
    }
}
