//! Boosted trees: what was learned, and what it says.

use serde::{Deserialize, Serialize};

use super::{BoostingError, Loss, Node, Tree};
use crate::table::Kind;
use crate::{Matrix, Predict};

/// Rows that pass through one tree before the next tree: their values stay in the nearest cache.
const BLOCK: usize = 256;

/// A sum of regression trees, learned one after the other.
///
/// Each tree is fitted to the first two derivatives of the loss at the scores so far (Newton's
/// method in function space), grown by the leaf that gains most, from histograms over bins.
///
/// Use it for tables of mixed columns with gaps, where effects bend and interact; rows need
/// neither scaling nor filling in. It does not extrapolate: beyond the training rows it stays at
/// the last leaf's value.
///
/// # Sources
/// Friedman (2001), "Greedy function approximation: a gradient boosting machine"; Chen & Guestrin
/// (2016), "XGBoost: a scalable tree boosting system"; Ke et al. (2017), "LightGBM: a highly
/// efficient gradient boosting decision tree".
///
/// ```
/// use rapport_learn::boosting::{BoostingData, BoostingParams, Loss};
/// use rapport_learn::table::Kind;
/// use rapport_learn::{Cancellation, Check, Context, Fit, Matrix, Predict, Silent};
///
/// let rows = Matrix::new(100, 1, [1.0, 2.0, f64::NAN, 8.0, 9.0].repeat(20))?;
/// let targets = [0.0, 0.0, 1.0, 1.0, 1.0].repeat(20);
/// let data = BoostingData::new(&rows, &[Kind::Numeric], &targets);
/// let cancel = Cancellation::default();
/// let context = Context::new(7, &Silent, &cancel);
///
/// let model = BoostingParams::new(Loss::Logistic).check()?.fit(&data, &context)?;
///
/// let probabilities = model.predict(&Matrix::from_rows(&[[1.5], [8.5]]))?;
/// assert!(probabilities.row(0)[0] < 0.01 && probabilities.row(1)[0] > 0.99);
/// # Ok::<(), rapport_learn::boosting::BoostingError>(())
/// ```
///
/// A model that is read from a file is refused when its parts do not fit together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PlainModel")]
pub struct BoostedTrees {
    pub(super) loss: Loss,
    pub(super) kinds: Vec<Kind>,
    /// `(n_outputs,)`: the scores before any tree.
    pub(super) start: Vec<f64>,
    /// Round by round, one per output.
    pub(super) trees: Vec<Tree>,
}

/// A model as it stands in a file, before it is checked.
#[derive(Deserialize)]
struct PlainModel {
    loss: Loss,
    kinds: Vec<Kind>,
    start: Vec<f64>,
    trees: Vec<Tree>,
}

/// Why a model in a file is refused.
#[derive(Debug, PartialEq, thiserror::Error)]
enum ModelError {
    #[error(
        "{found} start scores do not fit a loss with {expected} outputs; the file is damaged, train the model again"
    )]
    Start { expected: usize, found: usize },
    #[error(
        "{n_trees} trees are no whole rounds of {n_outputs}; the file is damaged, train the model again"
    )]
    Rounds { n_trees: usize, n_outputs: usize },
    #[error(
        "tree {tree} asks feature {feature} of {n_features}, counted from 0; the file is damaged, train the model again"
    )]
    Feature {
        tree: usize,
        feature: usize,
        n_features: usize,
    },
}

/// How much a model leans on one feature.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Importance {
    /// Summed gains of the splits that ask it.
    pub gain: f64,
    /// How many splits ask it.
    pub n_splits: usize,
}

impl BoostedTrees {
    /// What the trees make small.
    pub fn loss(&self) -> Loss {
        self.loss
    }

    /// The kinds of the columns that rows must have.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The scores before any tree, `(n_outputs,)`.
    pub fn start(&self) -> &[f64] {
        &self.start
    }

    /// The trees, round by round, one per output.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// Number of rounds.
    pub fn n_rounds(&self) -> usize {
        self.trees.len() / self.start.len()
    }

    /// The trees of one output, in order.
    pub(super) fn trees_of(&self, output: usize) -> impl Iterator<Item = &Tree> {
        self.trees.iter().skip(output).step_by(self.start.len())
    }

    /// Scores: `(n_samples, n_features)` to `(n_samples, n_outputs)`, on the scale of the loss.
    ///
    /// # Errors
    /// [`LearnError::Shape`](crate::LearnError::Shape) when the columns are not those it was
    /// fitted on.
    pub fn predict_scores(&self, records: &Matrix) -> Result<Matrix, BoostingError> {
        records.require_columns(self.kinds.len())?;
        let k = self.start.len();
        let mut scores = Matrix::zeros(records.n_rows(), k);
        for first in (0..records.n_rows()).step_by(BLOCK) {
            let rows = first..records.n_rows().min(first + BLOCK);
            for row in rows.clone() {
                scores.row_mut(row).copy_from_slice(&self.start);
            }
            for (at, tree) in self.trees.iter().enumerate() {
                for row in rows.clone() {
                    scores.row_mut(row)[at % k] += tree.value(records.row(row));
                }
            }
        }
        Ok(scores)
    }

    /// How much the model leans on each feature, `(n_features,)`.
    pub fn importances(&self) -> Vec<Importance> {
        let mut importances = vec![Importance::default(); self.kinds.len()];
        for node in self.trees.iter().flat_map(Tree::nodes) {
            if let Node::Split { feature, gain, .. } = node {
                importances[*feature].gain += gain;
                importances[*feature].n_splits += 1;
            }
        }
        importances
    }
}

impl TryFrom<PlainModel> for BoostedTrees {
    type Error = ModelError;

    fn try_from(plain: PlainModel) -> Result<Self, ModelError> {
        let PlainModel {
            loss,
            kinds,
            start,
            trees,
        } = plain;
        let (n_outputs, n_trees) = (loss.n_outputs(), trees.len());
        if start.is_empty() || start.len() != n_outputs {
            return Err(ModelError::Start {
                expected: n_outputs.max(1),
                found: start.len(),
            });
        }
        if !n_trees.is_multiple_of(n_outputs) {
            return Err(ModelError::Rounds { n_trees, n_outputs });
        }
        let asked = |node: &Node| match node {
            Node::Split { feature, .. } => Some(*feature),
            Node::Leaf { .. } => None,
        };
        let n_features = kinds.len();
        for (tree, nodes) in trees.iter().map(Tree::nodes).enumerate() {
            let last = nodes.iter().filter_map(asked).max();
            if let Some(feature) = last.filter(|&feature| feature >= n_features) {
                return Err(ModelError::Feature {
                    tree,
                    feature,
                    n_features,
                });
            }
        }
        Ok(Self {
            loss,
            kinds,
            start,
            trees,
        })
    }
}

impl Predict<Matrix> for BoostedTrees {
    /// `(n_samples, n_outputs)`.
    type Prediction = Matrix;
    type Error = BoostingError;

    /// Expected targets, quantiles, rates, or probabilities: of 1, or of each class.
    fn predict(&self, records: &Matrix) -> Result<Matrix, BoostingError> {
        let mut predicted = self.predict_scores(records)?;
        for scores in predicted.rows_mut() {
            self.loss.respond(scores);
        }
        Ok(predicted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boosting::Rule;

    /// Three classes, one round, two features, of which the last tree asks this one.
    fn model(feature: usize) -> BoostedTrees {
        let leaf = |value| Node::Leaf { value, cover: 1.0 };
        let split = Node::Split {
            feature,
            rule: Rule::AtMost(0.0),
            missing_left: true,
            left: 1,
            gain: 1.0,
            cover: 2.0,
        };
        let single = Tree::new(vec![leaf(0.5)]).unwrap();
        let asking = Tree::new(vec![split, leaf(-1.0), leaf(1.0)]).unwrap();
        BoostedTrees {
            loss: Loss::Softmax { n_classes: 3 },
            kinds: vec![Kind::Numeric; 2],
            start: vec![0.0; 3],
            trees: vec![single.clone(), single, asking],
        }
    }

    /// What becomes of a model on its way through a file.
    fn read_back(model: &BoostedTrees) -> Result<BoostedTrees, String> {
        let text = serde_json::to_string(model).unwrap();
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_model_is_the_same_after_a_file() {
        assert_eq!(read_back(&model(1)), Ok(model(1)));
    }

    #[test]
    fn a_model_whose_parts_do_not_fit_together_is_refused() {
        let refused = |change: fn(&mut BoostedTrees), reason: &str| {
            let mut damaged = model(1);
            change(&mut damaged);
            let error = read_back(&damaged).unwrap_err();
            assert!(error.contains(reason), "{error}");
        };

        assert!(read_back(&model(2)).unwrap_err().contains("feature 2 of 2"));
        refused(|m| m.start.clear(), "0 start scores");
        refused(|m| m.start.push(0.0), "4 start scores");
        refused(|m| m.trees.truncate(2), "2 trees are no whole rounds of 3");
        // Without outputs there is nothing to divide rounds by.
        let nothing = |m: &mut BoostedTrees| {
            m.loss = Loss::Softmax { n_classes: 0 };
            m.start.clear();
        };
        refused(nothing, "0 start scores");
    }
}
