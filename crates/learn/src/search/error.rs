//! What a search refuses.

/// Why a search was not set up or did not take an answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// There is nothing to choose.
    #[error("the space has no parameter; add at least one")]
    EmptySpace,
    /// A name that two parameters share.
    #[error("two parameters are named {0}; give each its own name")]
    DuplicateName(String),
    /// A range without values.
    #[error("the range of {name} is empty, reversed, not finite or too wide; {allowed}")]
    Range {
        /// The parameter.
        name: String,
        /// What its range may be.
        allowed: &'static str,
    },
    /// A condition that cannot be decided.
    #[error(
        "{name} depends on {parent}, which is no earlier category with these choices; add {parent} \
         before it and name some of its choices"
    )]
    Condition {
        /// The parameter.
        name: String,
        /// What it depends on.
        parent: String,
    },
    /// A setting out of its range.
    #[error("{name} is {value}; {allowed}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// What it was set to.
        value: String,
        /// What it may be.
        allowed: &'static str,
    },
    /// A trial that the study never asked for.
    #[error("there is no trial {0}; tell about trials that this study asked for")]
    UnknownTrial(u64),
    /// A trial whose outcome is known already.
    #[error("trial {0} has ended already; its outcome is told once")]
    TrialEnded(u64),
    /// Steps that do not go forward.
    #[error("trial {id} reported step {step} after step {before}; steps go forward")]
    StepBackward {
        /// The trial.
        id: u64,
        /// The step reported.
        step: u64,
        /// The one before it.
        before: u64,
    },
}
