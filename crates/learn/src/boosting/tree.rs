//! A regression tree as plain data.

use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use super::data::{CATEGORY_LIMIT, category};
use super::params::DEPTH_LIMIT;
use crate::{Matrix, map_parts};

/// Rows that one thread asks a tree about at a time.
const PART: usize = 4096;

/// A regression tree: questions about raw values, not about bins.
///
/// The root comes first, children stand side by side behind their parent, and no path is longer
/// than 128 splits; a tree that is read from a file is refused otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PlainTree", into = "PlainTree")]
pub struct Tree {
    nodes: Vec<Node>,
}

/// A question or an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// Asks one feature and leads to `left` or to the node after it.
    Split {
        /// Column of the rows.
        feature: usize,
        /// What is asked.
        rule: Rule,
        /// Where rows go whose value is missing or, if it is a category, not listed.
        missing_left: bool,
        /// Index of the left child; the right one stands behind it.
        left: usize,
        /// How much the split lowered the loss, times two, to second order.
        gain: f64,
        /// Weight of the training rows that came here.
        cover: f64,
    },
    /// Adds a value to the score.
    Leaf {
        /// What it adds.
        value: f64,
        /// Weight of the training rows that came here.
        cover: f64,
    },
}

/// What a split asks of a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Numbers up to this go left.
    AtMost(f64),
    /// Listed categories go the other way than everything else, which goes where missing values
    /// go.
    OneOf(CategorySet),
}

/// A set of categories.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<u32>", into = "Vec<u32>")]
pub struct CategorySet {
    /// Bit `c % 64` of word `c / 64` says whether category `c` is in.
    words: Vec<u64>,
}

/// Why a tree in a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// No nodes at all.
    #[error("a tree needs at least one node; the file is damaged, train the model again")]
    Empty,
    /// Children that do not exist, stand before their parent, or have two parents.
    #[error(
        "the children of node {node} are not a pair of their own behind it; the file is damaged, train the model again"
    )]
    Children {
        /// Whose children.
        node: usize,
    },
    /// A split, or a child of one, that no training row supports: no share of rows could be told.
    #[error("node {node} has no cover; the file is damaged, train the model again")]
    Cover {
        /// Which node.
        node: usize,
    },
    /// A path of more splits than explanations handle.
    #[error("a path of the tree is longer than 128 splits; train with a smaller max_depth")]
    Depth,
}

/// A tree as it stands in a file, before it is checked.
#[derive(Serialize, Deserialize)]
struct PlainTree {
    nodes: Vec<Node>,
}

impl Tree {
    /// A tree of these nodes.
    ///
    /// # Errors
    /// [`TreeError`] when they do not form a tree.
    pub fn new(nodes: Vec<Node>) -> Result<Self, TreeError> {
        if nodes.is_empty() {
            return Err(TreeError::Empty);
        }
        // A single leaf has no shares to tell and needs no cover.
        if nodes.len() > 1 {
            require_cover(&nodes, 0)?;
        }
        // Splits on the way to each node, once it is reached; each must be, exactly once.
        let mut depths = vec![None; nodes.len()];
        depths[0] = Some(0);
        for (at, node) in nodes.iter().enumerate() {
            let depth = depths[at].ok_or(TreeError::Children { node: at })?;
            let Node::Split { left, .. } = node else {
                continue;
            };
            for child in [*left, left.saturating_add(1)] {
                let is_free = child > at && depths.get(child).is_some_and(Option::is_none);
                if !is_free {
                    return Err(TreeError::Children { node: at });
                }
                depths[child] = Some(depth + 1);
                require_cover(&nodes, child)?;
            }
            if depth + 1 > DEPTH_LIMIT {
                return Err(TreeError::Depth);
            }
        }
        Ok(Self { nodes })
    }

    /// The nodes, the root first.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Number of leaves.
    pub fn n_leaves(&self) -> usize {
        self.nodes.len().div_ceil(2)
    }

    /// What the tree adds to the score of a row, `(n_features,)`.
    pub(super) fn value(&self, row: &[f64]) -> f64 {
        let mut at = 0;
        loop {
            match &self.nodes[at] {
                Node::Leaf { value, .. } => return *value,
                Node::Split {
                    feature,
                    rule,
                    missing_left,
                    left,
                    ..
                } => at = left + usize::from(!rule.goes_left(row[*feature], *missing_left)),
            }
        }
    }
}

impl Node {
    /// Weight of the training rows that came here.
    pub fn cover(&self) -> f64 {
        match self {
            Self::Split { cover, .. } | Self::Leaf { cover, .. } => *cover,
        }
    }
}

impl Rule {
    /// Whether a value goes left.
    pub fn goes_left(&self, value: f64, missing_left: bool) -> bool {
        match self {
            Self::AtMost(threshold) if value.is_finite() => value <= *threshold,
            Self::AtMost(_) => missing_left,
            Self::OneOf(set) => {
                category(value).is_some_and(|code| set.contains(code)) != missing_left
            }
        }
    }
}

impl CategorySet {
    /// Whether a category is in.
    pub fn contains(&self, code: u32) -> bool {
        self.words
            .get(code as usize / 64)
            .is_some_and(|word| word >> (code % 64) & 1 == 1)
    }
}

impl FromIterator<u32> for CategorySet {
    /// Numbers from 65536 up are no categories and left out.
    fn from_iter<I: IntoIterator<Item = u32>>(codes: I) -> Self {
        let mut words = Vec::new();
        for code in codes.into_iter().filter(|&code| code < CATEGORY_LIMIT) {
            let word = code as usize / 64;
            if words.len() <= word {
                words.resize(word + 1, 0_u64);
            }
            words[word] |= 1 << (code % 64);
        }
        Self { words }
    }
}

impl From<Vec<u32>> for CategorySet {
    fn from(codes: Vec<u32>) -> Self {
        codes.into_iter().collect()
    }
}

impl From<CategorySet> for Vec<u32> {
    fn from(set: CategorySet) -> Self {
        let end = set.words.len() as u32 * 64;
        (0..end).filter(|&code| set.contains(code)).collect()
    }
}

impl TryFrom<PlainTree> for Tree {
    type Error = TreeError;

    fn try_from(plain: PlainTree) -> Result<Self, TreeError> {
        Self::new(plain.nodes)
    }
}

impl From<Tree> for PlainTree {
    fn from(tree: Tree) -> Self {
        Self { nodes: tree.nodes }
    }
}

fn require_cover(nodes: &[Node], node: usize) -> Result<(), TreeError> {
    let cover = nodes[node].cover();
    if cover > 0.0 && cover.is_finite() {
        Ok(())
    } else {
        Err(TreeError::Cover { node })
    }
}

/// Adds what a tree says to one score of every row; `(k, output)`: which of how many.
pub(super) fn add_tree(
    scores: &mut [f64],
    records: &Matrix,
    tree: &Tree,
    (k, output): (usize, usize),
    threads: NonZeroUsize,
) {
    map_parts(
        threads,
        scores.chunks_mut(PART * k).enumerate(),
        |(part, scores)| {
            for (row, scores) in (part * PART..).zip(scores.chunks_exact_mut(k)) {
                scores[output] += tree.value(records.row(row));
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(value: f64) -> Node {
        Node::Leaf { value, cover: 1.0 }
    }

    fn split(rule: Rule, missing_left: bool, left: usize) -> Node {
        Node::Split {
            feature: 0,
            rule,
            missing_left,
            left,
            gain: 1.0,
            cover: 2.0,
        }
    }

    fn check(rule: Rule, missing_left: bool, values: &[f64], expected: &[f64]) {
        let tree = Tree::new(vec![split(rule, missing_left, 1), leaf(-1.0), leaf(1.0)]).unwrap();

        let found: Vec<f64> = values.iter().map(|&value| tree.value(&[value])).collect();

        assert_eq!(found, expected);
    }

    #[test]
    fn numbers_up_to_the_threshold_go_left_and_missing_ones_where_they_are_told() {
        let values = [2.0, 2.1, f64::NAN, f64::INFINITY];

        check(Rule::AtMost(2.0), true, &values, &[-1.0, 1.0, -1.0, -1.0]);
        check(Rule::AtMost(2.0), false, &values, &[-1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn listed_categories_go_the_other_way_than_missing_ones() {
        let set = CategorySet::from(vec![0, 70]);
        let values = [0.0, 70.0, 1.0, 700.0, f64::NAN, 70.5, -1.0];
        let listed_right = [1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0];

        check(Rule::OneOf(set.clone()), true, &values, &listed_right);
        check(
            Rule::OneOf(set),
            false,
            &values,
            &listed_right.map(|value| -value),
        );
    }

    #[test]
    fn a_tree_is_the_same_after_a_file() {
        let set = Rule::OneOf(CategorySet::from(vec![3, 64, 65_535]));
        let tree = Tree::new(vec![
            split(Rule::AtMost(0.1 + 0.2), false, 1),
            split(set, true, 3),
            leaf(1e-300),
            leaf(-0.7),
            leaf(0.1),
        ])
        .unwrap();

        let text = serde_json::to_string(&tree).unwrap();

        assert!(text.contains("[3,64,65535]"));
        assert_eq!(serde_json::from_str::<Tree>(&text).unwrap(), tree);
    }

    #[test]
    fn nodes_that_form_no_tree_are_refused() {
        let rule = || Rule::AtMost(0.0);

        assert_eq!(Tree::new(vec![]), Err(TreeError::Empty));
        let endless = vec![split(rule(), false, 0), leaf(0.0)];
        assert_eq!(Tree::new(endless), Err(TreeError::Children { node: 0 }));
        let cut_off = vec![split(rule(), false, 1), leaf(0.0)];
        assert_eq!(Tree::new(cut_off), Err(TreeError::Children { node: 0 }));
        let shared = vec![
            split(rule(), false, 1),
            split(rule(), false, 3),
            split(rule(), false, 3),
            leaf(0.0),
            leaf(0.0),
        ];
        assert_eq!(Tree::new(shared), Err(TreeError::Children { node: 2 }));
        let empty = Node::Leaf {
            value: 1.0,
            cover: 0.0,
        };
        let unsupported = vec![split(rule(), false, 1), leaf(0.0), empty];
        assert_eq!(Tree::new(unsupported), Err(TreeError::Cover { node: 2 }));
        let uncovered = Node::Split {
            feature: 0,
            rule: rule(),
            missing_left: false,
            left: 1,
            gain: 1.0,
            cover: 0.0,
        };
        let rootless = vec![uncovered, leaf(0.0), leaf(0.0)];
        assert_eq!(Tree::new(rootless), Err(TreeError::Cover { node: 0 }));
        let orphan = vec![leaf(0.0), leaf(0.0)];
        assert_eq!(Tree::new(orphan), Err(TreeError::Children { node: 1 }));
    }

    #[test]
    fn a_path_that_is_too_long_is_refused() {
        // The left child of each split is the next split, the right one a leaf.
        let chain = |n_splits: usize| {
            let mut nodes = vec![split(Rule::AtMost(0.0), false, 1)];
            for at in 1..n_splits {
                nodes.push(split(Rule::AtMost(0.0), false, 2 * at + 1));
                nodes.push(leaf(0.0));
            }
            nodes.extend([leaf(0.0), leaf(0.0)]);
            Tree::new(nodes)
        };

        assert!(chain(DEPTH_LIMIT).is_ok());
        assert_eq!(chain(DEPTH_LIMIT + 1), Err(TreeError::Depth));
    }
}
