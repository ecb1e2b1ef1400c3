//! What the trainer trains.

use burn::module::Module;
use burn::tensor::Tensor;

use crate::layers::Probes;
use crate::{Draws, NnError};

/// Examples and the loss of a network on them.
pub trait Task {
    /// The network.
    type Network: Module;

    /// How many examples there are to train on.
    fn n_examples(&self) -> usize;

    /// How long an example is, in steps. Examples of like length share a batch, so that little of it
    /// is padding.
    fn n_steps(&self, _example: usize) -> usize {
        1
    }

    /// The mean loss of these examples, tracked.
    ///
    /// `chance` is there while training, for dropout and for what else a loss draws.
    ///
    /// # Errors
    /// Data that the network does not take.
    fn loss(
        &self,
        network: &Self::Network,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError>;

    /// The loss of each of these examples, `[n_examples]`, tracked, with probes at all weights; `None`
    /// where the network takes no probes. A private training is quick with them, and goes through
    /// examples one by one without.
    ///
    /// # Errors
    /// Data that the network does not take.
    fn probed_losses(
        &self,
        _network: &Self::Network,
        _examples: &[usize],
        _chance: &mut Option<Draws>,
        _probes: &mut Option<Probes>,
    ) -> Result<Option<Tensor<1>>, NnError> {
        Ok(None)
    }

    /// How bad the network is on held-back data; the lowest network wins. `None` when nothing was
    /// held back: the last network wins.
    ///
    /// # Errors
    /// Data that the network does not take.
    fn validate(&self, network: &Self::Network) -> Result<Option<f64>, NnError>;
}
