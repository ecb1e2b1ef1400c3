//! Networks, each whole in one file.

mod decoder;
mod encoder;
mod grid_cnn;
mod mlp;
mod pretrained;
mod sasrec;
mod sequence_autoencoder;
mod series_gan;
mod table_gan;
mod text_cnn;
mod text_rnn;
mod token_batch;

pub use decoder::{
    Cache, Decoder, DecoderConfig, FeedForward, GenerateParams, Norm, Positions, PretrainedDecoder,
};
pub use encoder::{
    Encoder, EncoderConfig, FrozenEncoder, Pooling, PretrainedEncoder, SentenceEncoder,
};
pub use grid_cnn::{GridCnn, GridCnnConfig, GridSummary};
pub use mlp::{Mlp, MlpConfig, NumericEmbedding, TableBatch};
pub use sasrec::{DrawnItems, Sasrec, SasrecConfig};
pub use sequence_autoencoder::{
    Recalled, SequenceAutoencoder, SequenceAutoencoderConfig, SequenceBatch,
};
pub use series_gan::{
    SeriesDiscriminator, SeriesDiscriminatorConfig, SeriesGan, SeriesGanParams, SeriesGenerator,
    SeriesGeneratorConfig, ValidSeriesGanParams,
};
pub use table_gan::{
    ConditionOn, Discriminator, DiscriminatorConfig, Generator, GeneratorConfig, Lipschitz,
    TableGan, TableGanParams, ValidTableGanParams,
};
pub use text_cnn::{TextCnn, TextCnnConfig};
pub use text_rnn::{TextRnn, TextRnnConfig};
pub use token_batch::TokenBatch;
