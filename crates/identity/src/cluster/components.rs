//! What hangs together, however loosely: components are clustered one by one.

use super::Edge;

/// Records that hang together, ascending, and all edges among them by position.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Component {
    pub(crate) records: Vec<u32>,
    /// Positions in `records`, the lower first, and bits.
    pub(crate) edges: Vec<(u32, u32, f32)>,
}

/// Components of more than one record, by their first records.
pub(crate) fn components(
    n_records: usize,
    joining: impl Iterator<Item = (u32, u32)>,
    edges: &[Edge],
) -> Vec<Component> {
    let mut sets = Sets::new(n_records);
    for (left, right) in joining {
        sets.join(left, right);
    }
    let mut size_of = vec![0_u32; n_records];
    let mut root_of = Vec::with_capacity(n_records);
    for record in 0..n_records as u32 {
        let root = sets.root(record);
        size_of[root as usize] += 1;
        root_of.push(root);
    }
    let mut component_of = vec![u32::MAX; n_records];
    let mut place_of = vec![0; n_records];
    let mut components: Vec<Component> = Vec::new();
    for record in 0..n_records {
        let root = root_of[record] as usize;
        if size_of[root] < 2 {
            continue;
        }
        if component_of[root] == u32::MAX {
            component_of[root] = components.len() as u32;
            components.push(Component {
                records: Vec::with_capacity(size_of[root] as usize),
                edges: Vec::new(),
            });
        }
        let component = &mut components[component_of[root] as usize];
        place_of[record] = component.records.len() as u32;
        component.records.push(record as u32);
    }
    for edge in edges {
        let (left, right) = (edge.left as usize, edge.right as usize);
        if root_of[left] == root_of[right] {
            let places = (place_of[left], place_of[right]);
            let component = &mut components[component_of[root_of[left] as usize] as usize];
            component.edges.push((places.0.min(places.1), places.0.max(places.1), edge.weight));
        }
    }
    components
}

/// Disjoint sets, with paths halved on the way.
struct Sets(Vec<u32>);

impl Sets {
    fn new(n: usize) -> Self {
        Self((0..n as u32).collect())
    }

    fn root(&mut self, mut of: u32) -> u32 {
        while self.0[of as usize] != of {
            let above = self.0[of as usize];
            self.0[of as usize] = self.0[above as usize];
            of = self.0[of as usize];
        }
        of
    }

    /// The lower root stays, so that roots do not depend on the order of joins.
    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}
