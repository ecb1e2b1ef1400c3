//! Counting: every gram is the child of the gram that is shorter by its last token.

use std::collections::HashMap;

use super::model::Gram;

/// The gram of no tokens.
pub(super) const EMPTY: u32 = 0;

/// The grams of sequences, in the order in which they were met.
pub(super) struct Grams {
    order: usize,
    /// Stands before every sequence; never comes next.
    start: u32,
    children: HashMap<(u32, u32), u32>,
    nodes: Vec<Node>,
}

struct Node {
    parent: u32,
    token: u32,
    length: usize,
    /// Times it was met.
    n_met: u32,
    /// Different tokens met before it.
    n_before: u32,
    /// Whether it begins where a sequence begins, with nothing before it.
    is_first: bool,
}

impl Grams {
    pub(super) fn new(order: usize, n_tokens: usize) -> Self {
        let mut grams = Self {
            order,
            start: n_tokens as u32,
            children: HashMap::new(),
            nodes: vec![Node {
                parent: EMPTY,
                token: 0,
                length: 0,
                n_met: 0,
                n_before: 0,
                is_first: false,
            }],
        };
        let start = grams.child(EMPTY, grams.start).0;
        grams.nodes[start as usize].is_first = true;
        grams
    }

    /// Counts every gram of a sequence, those that reach back to its start included.
    pub(super) fn count(&mut self, sequence: &[usize]) {
        // The grams that end at the token before, shortest first.
        let mut before = vec![EMPTY, self.children[&(EMPTY, self.start)]];
        for &token in sequence {
            let mut here = vec![EMPTY];
            for &parent in before.iter().take(self.order) {
                let (gram, is_new) = self.child(parent, token as u32);
                self.nodes[gram as usize].n_met += 1;
                if is_new {
                    let shorter = here[here.len() - 1];
                    self.nodes[shorter as usize].n_before += 1;
                }
                here.push(gram);
            }
            before = here;
        }
    }

    /// The gram that is longer by this token, and whether it was met for the first time.
    fn child(&mut self, parent: u32, token: u32) -> (u32, bool) {
        let next = self.nodes.len() as u32;
        let gram = *self.children.entry((parent, token)).or_insert(next);
        let is_new = gram == next;
        if is_new {
            let above = &self.nodes[parent as usize];
            let (length, is_first) = (above.length + 1, above.is_first);
            self.nodes.push(Node {
                parent,
                token,
                length,
                n_met: 0,
                n_before: 0,
                is_first,
            });
        }
        (gram, is_new)
    }

    /// The grams with the counts that their probabilities are made of, parents before children; the
    /// empty gram is left out.
    pub(super) fn counted(self) -> Vec<Gram> {
        let order = self.order;
        let count = |node: &Node| {
            if node.length == order || node.is_first {
                node.n_met
            } else {
                node.n_before
            }
        };
        self.nodes
            .iter()
            .skip(1)
            .map(|node| Gram(node.parent, node.token, count(node)))
            .collect()
    }
}
