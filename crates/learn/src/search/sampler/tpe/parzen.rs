//! A density over the unit cube: one bump per trial, and an even prior.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::Point;
use crate::normal::{ln_normal_density, normal_mass};
use crate::search::domain::choice_at;
use crate::search::{Domain, Space};
use crate::standard_normal;

/// The newest trials that weigh fully; older ones fade, as the search has moved on since.
const N_FULL_WEIGHT: usize = 25;
/// Bumps are at least `1 / 100` of the range wide ("magic clip"), or the search would freeze.
const SHARPNESS_MAX: f64 = 100.0;

/// A mixture of products: each component has one kernel per parameter.
#[derive(Debug)]
pub(super) struct Parzen<'a> {
    space: &'a Space,
    components: Vec<Component>,
}

#[derive(Debug)]
struct Component {
    weight: f64,
    kernels: Vec<Kernel>,
}

/// A density over one side of the unit cube.
#[derive(Debug, Clone)]
enum Kernel {
    /// Says nothing: the trial lacks the parameter.
    Even,
    /// Normal, cut to the unit interval.
    Bump {
        center: f64,
        width: f64,
        ln_mass: f64,
    },
    /// A probability per choice.
    Choices(Vec<f64>),
}

impl<'a> Parzen<'a> {
    /// Lays bumps over the points, oldest first, beside a prior as heavy as one of them.
    pub(super) fn fit(space: &'a Space, points: &[Point<'_>]) -> Self {
        let mut kernels: Vec<Vec<Kernel>> = vec![Vec::new(); points.len() + 1];
        for (idx, dimension) in space.dimensions().iter().enumerate() {
            let places: Vec<Option<f64>> = points.iter().map(|point| point[idx]).collect();
            let of_dimension = match dimension.domain.n_choices() {
                Some(n_choices) => choice_kernels(&places, n_choices),
                None => bumps(&places),
            };
            for (component, kernel) in kernels.iter_mut().zip(of_dimension) {
                component.push(kernel);
            }
        }
        let weights = weights(points.len());
        let total: f64 = weights.iter().sum();
        let components = weights
            .into_iter()
            .zip(kernels)
            .map(|(weight, kernels)| Component {
                weight: weight / total,
                kernels,
            })
            .collect();
        Self { space, components }
    }

    /// One draw, with a place for every parameter, existing or not.
    pub(super) fn sample(&self, generator: &mut ChaCha8Rng) -> Vec<f64> {
        let component = self.draw_component(generator);
        component
            .kernels
            .iter()
            .map(|kernel| kernel.sample(generator))
            .collect()
    }

    /// Logarithm of the density at a point; over whole numbers and choices, of their probability.
    pub(super) fn ln_density(&self, point: Point<'_>) -> f64 {
        let terms: Vec<f64> = self
            .components
            .iter()
            .map(|component| {
                let mut ln_density = component.weight.ln();
                for ((kernel, dimension), unit) in component
                    .kernels
                    .iter()
                    .zip(self.space.dimensions())
                    .zip(point)
                {
                    if let Some(unit) = unit {
                        ln_density += kernel.ln_density(*unit, &dimension.domain);
                    }
                }
                ln_density
            })
            .collect();
        let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        largest
            + terms
                .iter()
                .map(|term| (term - largest).exp())
                .sum::<f64>()
                .ln()
    }

    fn draw_component(&self, generator: &mut ChaCha8Rng) -> &Component {
        let mut left: f64 = generator.random();
        for component in &self.components {
            left -= component.weight;
            if left < 0.0 {
                return component;
            }
        }
        // Rounding can leave a hair of the draw; it belongs to the last one.
        self.components.last().expect("the prior is a component")
    }
}

impl Kernel {
    fn bump(center: f64, width: f64) -> Self {
        let ln_mass = normal_mass(-center / width, (1.0 - center) / width).ln();
        Self::Bump {
            center,
            width,
            ln_mass,
        }
    }

    fn sample(&self, generator: &mut ChaCha8Rng) -> f64 {
        match self {
            Self::Even => generator.random(),
            // The center lies within the interval, so at least a third of the draws do.
            Self::Bump { center, width, .. } => loop {
                let unit = center + width * standard_normal(generator);
                if (0.0..=1.0).contains(&unit) {
                    return unit;
                }
            },
            Self::Choices(probabilities) => {
                let mut left: f64 = generator.random();
                let is_drawn = |probability: &f64| {
                    left -= probability;
                    left < 0.0
                };
                let choice = probabilities
                    .iter()
                    .position(is_drawn)
                    .unwrap_or(probabilities.len() - 1);
                (choice as f64 + 0.5) / probabilities.len() as f64
            }
        }
    }

    fn ln_density(&self, unit: f64, domain: &Domain) -> f64 {
        match self {
            Self::Even => match (domain.n_choices(), domain.cell_of(unit)) {
                (Some(n_choices), _) => -(n_choices as f64).ln(),
                (None, Some((low, high))) => (high - low).ln(),
                (None, None) => 0.0,
            },
            Self::Bump {
                center,
                width,
                ln_mass,
            } => match domain.cell_of(unit) {
                Some((low, high)) => {
                    let mass = normal_mass((low - center) / width, (high - center) / width);
                    // Far from the bump the mass can round to nothing; the prior decides there.
                    mass.max(f64::MIN_POSITIVE).ln() - ln_mass
                }
                None => ln_normal_density((unit - center) / width) - width.ln() - ln_mass,
            },
            Self::Choices(probabilities) => {
                probabilities[choice_at(unit, probabilities.len())].ln()
            }
        }
    }
}

/// Weights of `n` trials, oldest first, and of the prior.
fn weights(n: usize) -> Vec<f64> {
    let n_fading = n.saturating_sub(N_FULL_WEIGHT);
    let floor = 1.0 / n as f64;
    (0..n)
        .map(|idx| {
            if idx >= n_fading {
                1.0
            } else if n_fading == 1 {
                floor
            } else {
                floor + (1.0 - floor) * idx as f64 / (n_fading - 1) as f64
            }
        })
        .chain([1.0])
        .collect()
}

/// One kernel per trial and the prior: the choice itself, and a little of every other one.
fn choice_kernels(places: &[Option<f64>], n_choices: usize) -> Vec<Kernel> {
    let extra = 1.0 / (places.len() + 1) as f64;
    let total = 1.0 + extra * n_choices as f64;
    let peaked = |unit: f64| {
        let mut probabilities = vec![extra / total; n_choices];
        probabilities[choice_at(unit, n_choices)] += 1.0 / total;
        Kernel::Choices(probabilities)
    };
    let prior = Kernel::Choices(vec![1.0 / n_choices as f64; n_choices]);
    places
        .iter()
        .map(|place| place.map_or(Kernel::Even, peaked))
        .chain([prior])
        .collect()
}

/// One kernel per trial and the prior.
fn bumps(places: &[Option<f64>]) -> Vec<Kernel> {
    let widths = widths(places);
    places
        .iter()
        .zip(widths)
        .map(|(place, width)| place.map_or(Kernel::Even, |unit| Kernel::bump(unit, width)))
        .chain([Kernel::bump(0.5, 1.0)])
        .collect()
}

/// The width of each bump: the gap to the farther neighbor. Absent places get 0.
///
/// The ends of the range are neighbors only to a trial that is alone: otherwise the outermost bumps
/// would spread over all the emptiness beside them.
fn widths(places: &[Option<f64>]) -> Vec<f64> {
    let mut sorted: Vec<(f64, usize)> = (0..)
        .zip(places)
        .filter_map(|(idx, place)| Some(((*place)?, idx)))
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    // One more for the prior and one more again, as in Bergstra's code.
    let width_min = 1.0 / SHARPNESS_MAX.min((sorted.len() + 2) as f64);
    let mut widths = vec![0.0; places.len()];
    for (at, &(unit, idx)) in sorted.iter().enumerate() {
        let below = at.checked_sub(1).map(|before| unit - sorted[before].0);
        let above = sorted.get(at + 1).map(|after| after.0 - unit);
        let gap = match (below, above) {
            (None, None) => unit.max(1.0 - unit),
            (below, above) => below.unwrap_or(0.0).max(above.unwrap_or(0.0)),
        };
        widths[idx] = gap.clamp(width_min, 1.0);
    }
    widths
}

#[cfg(test)]
mod tests;
