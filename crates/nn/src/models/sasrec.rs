//! Self-attentive recommendation: what comes next in a customer's history of items.
//!
//! Sources: Kang and McAuley (2018), "Self-Attentive Sequential Recommendation"; the losses over all
//! items or over many drawn ones, which it needs to be at its best, from Klenitskiy and Vasilev
//! (2023), "Turning Dross Into Gold Loss"; the correction for how likely an item is to be drawn from
//! Bengio and Senécal (2008), "Adaptive Importance Sampling".

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::{Decoder, DecoderConfig, FeedForward, Norm, Positions, TokenBatch};
use crate::{Draws, NnError, ops};

/// Sizes of a self-attentive recommender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SasrecConfig {
    /// Items; item 0 is padding and never recommended.
    pub n_items: usize,
    /// The most items of a history: the latest ones.
    pub max_steps: usize,
    /// Numbers per item.
    pub d_model: usize,
    /// Heads of attention.
    pub n_heads: usize,
    /// Layers of attention.
    pub n_layers: usize,
    /// Share of numbers dropped while training.
    pub dropout: f64,
}

/// Items to tell the true next one from, and how likely each was to be drawn.
#[derive(Debug, Clone)]
pub struct DrawnItems {
    /// The items.
    pub items: Arc<[usize]>,
    /// Logarithm of the chance of any item to be drawn, by item: `[n_items]`.
    pub log_chances: Arc<[f32]>,
}

impl SasrecConfig {
    /// Two layers over the latest 50 items.
    pub fn new(n_items: usize, d_model: usize) -> Self {
        Self {
            n_items,
            max_steps: 50,
            d_model,
            n_heads: 1,
            n_layers: 2,
            dropout: 0.2,
        }
    }

    /// First weights.
    ///
    /// # Errors
    /// [`NnError::Config`] for sizes of zero, heads that do not divide the model, or a share that is
    /// none.
    pub fn init(&self, device: &Device, draws: &mut Draws) -> Result<Sasrec, NnError> {
        NnError::require(
            self.n_items > 1 && self.max_steps > 0,
            "a recommender has an item besides padding and looks back to at least one",
        )?;
        let decoder = DecoderConfig {
            n_tokens: self.n_items,
            max_steps: self.max_steps + 1,
            d_model: self.d_model,
            n_heads: self.n_heads,
            n_kv_heads: self.n_heads,
            n_layers: self.n_layers,
            d_feed_forward: self.d_model,
            norm: Norm::Layer,
            positions: Positions::Learned,
            feed_forward: FeedForward::Relu,
            epsilon: 1e-8,
            dropout: self.dropout,
            has_own_output: false,
        };
        Ok(Sasrec {
            decoder: decoder.init(device, draws)?,
        })
    }
}

/// A self-attentive recommender with its weights. An item's row is its input and its output.
#[derive(Module, Debug)]
pub struct Sasrec {
    decoder: Decoder,
}

impl Sasrec {
    /// Histories to recommend after: the latest items of each, oldest first.
    pub fn batch(&self, histories: &[&[usize]]) -> TokenBatch {
        self.latest(histories, self.decoder.config().max_steps - 1)
    }

    /// Histories to learn from: one item more, which is only asked for, so that every step that
    /// recommendations look back to has been trained.
    pub fn lessons(&self, histories: &[&[usize]]) -> TokenBatch {
        self.latest(histories, self.decoder.config().max_steps)
    }

    fn latest(&self, histories: &[&[usize]], n_max: usize) -> TokenBatch {
        let latest: Vec<&[usize]> = histories
            .iter()
            .map(|history| &history[history.len().saturating_sub(n_max)..])
            .collect();
        TokenBatch::new(&latest, 1, n_max)
    }

    /// Scores of every item as the one that comes next after each history, `[n_batch, n_items]`; that
    /// of item 0 means nothing.
    pub fn forward(&self, batch: &TokenBatch) -> Tensor<2> {
        let states = self.decoder.states(batch, &mut None);
        let last: Arc<[usize]> = (batch.lengths.iter().enumerate())
            .map(|(row, length)| row * batch.n_steps + length.saturating_sub(1))
            .collect();
        self.decoder.logits(ops::take_rows(states, &last))
    }

    /// The mean loss in nats of each next item among all items.
    ///
    /// # Errors
    /// [`NnError::Config`] where no history has a next item.
    pub fn loss(
        &self,
        batch: &TokenBatch,
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let (states, next) = self.followed(batch, chance)?;
        Ok(ops::cross_entropy(self.decoder.logits(states), &next).mean())
    }

    /// The mean loss in nats of each next item among the drawn ones, as if it were among all: an item
    /// that is drawn more often counts less each time.
    ///
    /// # Errors
    /// [`NnError::Config`] where no history has a next item.
    pub fn sampled_loss(
        &self,
        batch: &TokenBatch,
        drawn: &DrawnItems,
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let (states, next) = self.followed(batch, chance)?;
        let device = states.device();
        let column = |items: &[usize]| -> Vec<f32> {
            items.iter().map(|item| drawn.log_chances[*item]).collect()
        };
        let of_next = (states.clone() * self.decoder.token_rows(&next)).sum_dim(1); // [n_rows, 1]
        let chances = TensorData::new(column(&next), [next.len(), 1]);
        let of_next = of_next - Tensor::from_data(chances, &device);

        // [n_rows, n_drawn]; the next item itself, where it was drawn, is no wrong answer.
        let table = self.decoder.token_rows(&drawn.items).transpose();
        let minus: Vec<f32> = column(&drawn.items).into_iter().map(|log| -log).collect();
        let of_drawn = ops::linear(
            states,
            table,
            Tensor::from_floats(minus.as_slice(), &device),
        );
        const NEVER: f32 = -1e9;
        let is_next: Vec<f32> = next
            .iter()
            .flat_map(|next| drawn.items.iter().map(move |item| (item == next, NEVER)))
            .map(|(is_next, never)| if is_next { never } else { 0.0 })
            .collect();
        let is_next = TensorData::new(is_next, [next.len(), drawn.items.len()]);
        let of_drawn = of_drawn + Tensor::from_data(is_next, &device);

        let first: Arc<[usize]> = vec![0; next.len()].into();
        let logits = Tensor::cat(vec![of_next, of_drawn], 1);
        Ok(ops::cross_entropy(logits, &first).mean())
    }

    /// The states of the steps that are followed by an item, and that item.
    fn followed(
        &self,
        batch: &TokenBatch,
        chance: &mut Option<Draws>,
    ) -> Result<(Tensor<2>, Arc<[usize]>), NnError> {
        let rows: Vec<usize> = (0..batch.ids.len())
            .filter(|row| row % batch.n_steps + 1 < batch.lengths[row / batch.n_steps])
            .collect();
        NnError::require(
            !rows.is_empty(),
            "some history to learn from has two items or more",
        )?;
        let next = rows.iter().map(|row| batch.ids[row + 1]).collect();
        let states = self.decoder.states(batch, chance);
        Ok((ops::take_rows(states, &rows.into()), next))
    }
}

#[cfg(test)]
mod tests {
    use rapport_learn::{Cancellation, Check as _, Context, Silent};

    use super::*;
    use crate::train::{Task, TrainParams};

    const N_ITEMS: usize = 9;

    fn recommender() -> Sasrec {
        let config = SasrecConfig {
            max_steps: 6,
            dropout: 0.0,
            ..SasrecConfig::new(N_ITEMS, 16)
        };
        let mut draws = Draws::new(3, "weights");
        config
            .init(&crate::device::of_tests().autodiff(), &mut draws)
            .unwrap()
    }

    fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.inner().into_data().try_to_vec::<f32>().unwrap()
    }

    /// Everybody buys around the circle 1, 2, …, 8, from somewhere on.
    fn circle(start: usize, n: usize) -> Vec<usize> {
        (start..start + n)
            .map(|at| 1 + at % (N_ITEMS - 1))
            .collect()
    }

    struct Circles;

    impl Task for Circles {
        type Network = Sasrec;

        fn n_examples(&self) -> usize {
            8
        }

        fn loss(
            &self,
            network: &Sasrec,
            examples: &[usize],
            chance: &mut Option<Draws>,
        ) -> Result<Tensor<1>, NnError> {
            let histories: Vec<_> = examples.iter().map(|start| circle(*start, 12)).collect();
            let histories: Vec<&[usize]> = histories.iter().map(Vec::as_slice).collect();
            network.loss(&network.lessons(&histories), chance)
        }

        fn validate(&self, _network: &Sasrec) -> Result<Option<f64>, NnError> {
            Ok(None)
        }
    }

    #[test]
    fn what_everybody_buys_next_is_recommended() {
        let params = TrainParams {
            n_epochs: 150,
            learning_rate: 0.01,
            ..TrainParams::default()
        };
        let params = params.check().unwrap();
        let cancel = Cancellation::default();
        let context = Context::new(1, &Silent, &cancel);
        let fitted = params
            .fit(
                &Circles,
                recommender(),
                &crate::device::of_tests(),
                &context,
                &mut (),
                None,
            )
            .unwrap();

        for start in 0..8 {
            // Longer than the network looks back: only the latest items count.
            let history = circle(start, 12);
            let scores = values(fitted.network.forward(&fitted.network.batch(&[&history])));
            let best = (1..N_ITEMS).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
            assert_eq!(best, circle(start + 12, 1).first().copied());
        }
    }

    #[test]
    fn drawing_every_item_once_gives_the_loss_over_all_items() {
        let network = recommender();
        let batch = network.lessons(&[&[1, 2, 3], &[4, 5, 6, 7]]);
        let drawn = DrawnItems {
            items: (0..N_ITEMS).collect(),
            log_chances: vec![-2.5; N_ITEMS].into(),
        };

        let sampled = values(network.sampled_loss(&batch, &drawn, &mut None).unwrap());
        let full = values(network.loss(&batch, &mut None).unwrap());

        assert!((sampled[0] - full[0]).abs() < 1e-5, "{sampled:?} {full:?}");
    }

    #[test]
    fn an_item_that_is_drawn_twice_as_often_counts_half_each_time() {
        let network = recommender();
        let batch = network.lessons(&[&[1, 2, 3], &[4, 5, 6, 7]]);
        let loss = |items: Vec<usize>, log_chances: Vec<f32>| {
            let drawn = DrawnItems {
                items: items.into(),
                log_chances: log_chances.into(),
            };
            values(network.sampled_loss(&batch, &drawn, &mut None).unwrap())[0]
        };
        let once = vec![0.0; N_ITEMS];
        let mut twice = once.clone();
        twice[8] = std::f32::consts::LN_2;

        let all_once = loss((0..N_ITEMS).collect(), once);
        let eight_twice = loss((0..N_ITEMS).chain([8]).collect(), twice);

        assert!((all_once - eight_twice).abs() < 1e-5);
    }

    #[test]
    fn histories_without_a_next_item_and_catalogues_without_items_are_refused() {
        let network = recommender();
        let batch = network.lessons(&[&[1], &[]]);
        assert!(network.loss(&batch, &mut None).is_err());

        let mut draws = Draws::new(3, "weights");
        let empty = SasrecConfig::new(1, 16).init(&crate::device::of_tests(), &mut draws);
        assert!(empty.is_err());
    }
}
