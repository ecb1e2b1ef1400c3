//! The tree of merges, grown by the nearest-neighbor chain in memory linear in the rows.

use rapport_learn::{Context, Matrix};

use crate::SegmentError;

/// Merges between two looks at the cancellation flag.
const MERGES_PER_LOOK: usize = 64;

/// One merge. Rows are clusters `0..n`; merge `i` makes cluster `n + i`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// The lower of the two numbers.
    pub left: usize,
    /// The higher of the two numbers.
    pub right: usize,
    /// Ward's distance: the root of twice the increase in the summed squared distance to means.
    pub height: f64,
    /// Rows in the union.
    pub size: usize,
}

/// All merges, from the nearest pair of rows to the whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    n_rows: usize,
    merges: Vec<Merge>,
}

impl Tree {
    /// Grows the tree: time quadratic in the rows.
    ///
    /// # Errors
    /// Cancellation or the deadline.
    pub fn grow(records: &Matrix, context: &Context<'_>) -> Result<Self, SegmentError> {
        let mut forest = Forest::of(records);
        let mut joins = Vec::with_capacity(records.n_rows().saturating_sub(1));
        let mut chain: Vec<usize> = Vec::new();
        while forest.len() > 1 {
            if joins.len() % MERGES_PER_LOOK == 0 {
                context.proceed()?;
            }
            let tip = *chain.last().unwrap_or(&forest.members[0]);
            if chain.is_empty() {
                chain.push(tip);
            }
            let before = chain.len().checked_sub(2).map(|at| chain[at]);
            let (nearest, square) = forest.nearest(tip, before);
            if before == Some(nearest) {
                chain.truncate(chain.len() - 2);
                forest.join(tip, nearest);
                joins.push((tip, nearest, square.sqrt()));
            } else {
                chain.push(nearest);
            }
        }
        Ok(Self::in_order(records.n_rows(), joins))
    }

    /// The merges, lowest first.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// The cluster of each row when k are left, numbered by first appearance.
    ///
    /// # Panics
    /// When k is 0 or more than the rows.
    pub fn cut(&self, k: usize) -> Vec<u32> {
        assert!((1..=self.n_rows).contains(&k), "k lies in 1..=n");
        let mut sets = Sets::of(2 * self.n_rows - 1);
        for (i, merge) in self.merges[..self.n_rows - k].iter().enumerate() {
            sets.join(merge.left, self.n_rows + i);
            sets.join(merge.right, self.n_rows + i);
        }
        let mut numbers = vec![u32::MAX; 2 * self.n_rows - 1];
        let mut next = 0;
        (0..self.n_rows)
            .map(|row| {
                let root = sets.root(row);
                if numbers[root] == u32::MAX {
                    numbers[root] = next;
                    next += 1;
                }
                numbers[root]
            })
            .collect()
    }

    /// Sorts the joins, which the chain finds out of order, and numbers the clusters they make.
    fn in_order(n_rows: usize, mut joins: Vec<(usize, usize, f64)>) -> Self {
        joins.sort_by(|a, b| a.2.total_cmp(&b.2));
        let mut sets = Sets::of((2 * n_rows).saturating_sub(1));
        let mut sizes = vec![1; n_rows];
        let mut merges = Vec::with_capacity(joins.len());
        for (i, (a, b, height)) in joins.into_iter().enumerate() {
            let (a, b) = (sets.root(a), sets.root(b));
            let size = sizes[a] + sizes[b];
            sizes.push(size);
            sets.join(a, n_rows + i);
            sets.join(b, n_rows + i);
            merges.push(Merge {
                left: a.min(b),
                right: a.max(b),
                height,
                size,
            });
        }
        Self { n_rows, merges }
    }
}

/// The clusters not merged yet, each named by one of its rows.
struct Forest {
    /// Feature after feature, one value per slot: distances from one cluster to all others run in
    /// lanes.
    columns: Vec<Vec<f64>>,
    sizes: Vec<f64>,
    /// Slot to name.
    members: Vec<usize>,
    /// Name to slot.
    slots: Vec<usize>,
    /// Squared distances from the last cluster asked about, by slot.
    squares: Vec<f64>,
}

impl Forest {
    fn of(records: &Matrix) -> Self {
        let n = records.n_rows();
        Self {
            columns: (0..records.n_columns())
                .map(|column| records.column(column).collect())
                .collect(),
            sizes: vec![1.0; n],
            members: (0..n).collect(),
            slots: (0..n).collect(),
            squares: vec![0.0; n],
        }
    }

    fn len(&self) -> usize {
        self.members.len()
    }

    /// The nearest other cluster and Ward's squared distance to it. Among equals it is the
    /// preferred one, without which the chain could run in circles, else the one in the first slot.
    fn nearest(&mut self, name: usize, preferred: Option<usize>) -> (usize, f64) {
        let own = self.slots[name];
        let squares = &mut self.squares[..self.members.len()];
        squares.fill(0.0);
        for column in &self.columns {
            let value = column[own];
            for (square, other) in squares.iter_mut().zip(column) {
                *square += (value - other) * (value - other);
            }
        }
        let size = self.sizes[own];
        for (square, other) in squares.iter_mut().zip(&self.sizes) {
            *square *= 2.0 * size * other / (size + other);
        }
        squares[own] = f64::INFINITY;
        let mut best = match preferred {
            Some(name) => self.slots[name],
            None => usize::from(own == 0),
        };
        for (slot, square) in squares.iter().enumerate() {
            if *square < squares[best] {
                best = slot;
            }
        }
        (self.members[best], squares[best])
    }

    /// Replaces two clusters by their union, under the name of the first.
    fn join(&mut self, into: usize, gone: usize) {
        let (a, b) = (self.slots[into], self.slots[gone]);
        let (size_a, size_b) = (self.sizes[a], self.sizes[b]);
        for column in &mut self.columns {
            column[a] = (size_a * column[a] + size_b * column[b]) / (size_a + size_b);
            column.swap_remove(b);
        }
        self.sizes[a] = size_a + size_b;
        self.sizes.swap_remove(b);
        self.members.swap_remove(b);
        // The last slot moved into the gap.
        if let Some(&moved) = self.members.get(b) {
            self.slots[moved] = b;
        }
    }
}

/// Disjoint sets.
struct Sets(Vec<usize>);

impl Sets {
    fn of(n: usize) -> Self {
        Self((0..n).collect())
    }

    fn root(&mut self, mut member: usize) -> usize {
        while self.0[member] != member {
            self.0[member] = self.0[self.0[member]];
            member = self.0[member];
        }
        member
    }

    fn join(&mut self, member: usize, root: usize) {
        let from = self.root(member);
        self.0[from] = root;
    }
}
