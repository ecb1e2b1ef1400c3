//! How texts are written: one form for spellings that mean the same, and what Chinese sounds like.
//!
//! Search and identity both look through spellings, so this stands beneath both.

mod fold;
mod pinyin;

pub use fold::{fold, is_ideograph};
pub use pinyin::{initials, spellings, syllable, syllables};
