//! Texts to token numbers and back.

mod bpe;
mod pretrained_bpe;
mod pretrained_files;
mod pretrained_split;
mod vocabulary;
mod wordpiece;

pub use bpe::{Bpe, BpeParams};
pub use pretrained_bpe::PretrainedBpe;
pub use vocabulary::{Vocabulary, VocabularyParams, split_words};
pub use wordpiece::WordPiece;
