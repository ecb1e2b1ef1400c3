//! Texts to token numbers and back.

mod bpe;
mod vocabulary;
mod wordpiece;

pub use bpe::{Bpe, BpeParams};
pub use vocabulary::{Vocabulary, VocabularyParams, split_words};
pub use wordpiece::WordPiece;
