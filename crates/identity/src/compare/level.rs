//! Levels of likeness.

/// Levels that a field may have, "missing" included.
pub const N_LEVELS: usize = 8;

/// How alike two values of one field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// One of the two has no value.
    Missing = 0,
    /// The same standard form.
    Same = 1,
    /// The same, in the other field: given name and surname swapped; or the same before the `@`.
    Swapped = 2,
    /// A slip of the pen: one edit, or as good as.
    Close = 3,
    /// Two slips, a short form, a part.
    Alike = 4,
    /// Something in common.
    Remote = 5,
    /// Little in common.
    Far = 6,
    /// Nothing in common.
    Different = 7,
}

impl Level {
    pub(crate) const MISSING: u8 = Self::Missing as u8;
    pub(crate) const SAME: u8 = Self::Same as u8;
    pub(crate) const SWAPPED: u8 = Self::Swapped as u8;
    pub(crate) const CLOSE: u8 = Self::Close as u8;
    pub(crate) const ALIKE: u8 = Self::Alike as u8;
    pub(crate) const REMOTE: u8 = Self::Remote as u8;
    pub(crate) const FAR: u8 = Self::Far as u8;
    pub(crate) const DIFFERENT: u8 = Self::Different as u8;

    /// The level of a code of a pattern.
    pub(crate) const fn of(code: u8) -> Self {
        match code {
            1 => Self::Same,
            2 => Self::Swapped,
            3 => Self::Close,
            4 => Self::Alike,
            5 => Self::Remote,
            6 => Self::Far,
            7 => Self::Different,
            _ => Self::Missing,
        }
    }
}
