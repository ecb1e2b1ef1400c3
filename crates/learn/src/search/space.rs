//! Which parameters there are, and which of them exist only beside a choice of another.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::domain::choice_at;
use super::{Domain, SearchError, Value};

/// The values of one trial, by parameter; those whose condition does not hold are absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Assignment(pub BTreeMap<String, Value>);

impl Assignment {
    /// The value of a real parameter; `None` when it is absent or of another kind.
    pub fn real(&self, name: &str) -> Option<f64> {
        match self.0.get(name) {
            Some(Value::Real(value)) => Some(*value),
            _ => None,
        }
    }

    /// The value of an integer parameter; `None` when it is absent or of another kind.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.0.get(name) {
            Some(Value::Integer(value)) => Some(*value),
            _ => None,
        }
    }

    /// The choice of a category; `None` when it is absent or of another kind.
    pub fn category(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Value::Category(value)) => Some(value),
            _ => None,
        }
    }
}

/// When a parameter exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// An earlier category.
    pub parent: String,
    /// The choices of it beside which the parameter exists.
    pub choices: Vec<String>,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Its values.
    pub domain: Domain,
    /// When it exists; `None` for always.
    pub when: Option<Condition>,
}

/// All parameters, parents before children.
///
/// ```
/// use rapport_learn::search::Space;
///
/// let space = Space::new()
///     .category("model", &["trees", "linear"])
///     .log_integer("n_trees", 10, 1000)
///     .when("model", &["trees"])
///     .log_real("penalty", 1e-6, 1e2)
///     .when("model", &["linear"]);
/// assert_eq!(space.dimensions().len(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Space {
    dimensions: Vec<Dimension>,
}

impl Space {
    /// No parameters yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a number from `low` to `high`.
    #[must_use]
    pub fn real(self, name: &str, low: f64, high: f64) -> Self {
        self.with(name, Domain::Real { low, high })
    }

    /// Adds a number from `low`, above 0, to `high`, even in its logarithm.
    #[must_use]
    pub fn log_real(self, name: &str, low: f64, high: f64) -> Self {
        self.with(name, Domain::LogReal { low, high })
    }

    /// Adds a whole number from `low` to `high`.
    #[must_use]
    pub fn integer(self, name: &str, low: i64, high: i64) -> Self {
        self.with(name, Domain::Integer { low, high })
    }

    /// Adds a whole number from `low`, at least 1, to `high`, even in its logarithm.
    #[must_use]
    pub fn log_integer(self, name: &str, low: i64, high: i64) -> Self {
        self.with(name, Domain::LogInteger { low, high })
    }

    /// Adds a category.
    #[must_use]
    pub fn category(self, name: &str, choices: &[&str]) -> Self {
        let choices = choices.iter().map(|&choice| choice.into()).collect();
        self.with(name, Domain::Category { choices })
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, domain: Domain) -> Self {
        self.dimensions.push(Dimension {
            name: name.into(),
            domain,
            when: None,
        });
        self
    }

    /// Makes the parameter added last exist only beside these choices of an earlier category.
    #[must_use]
    pub fn when(mut self, parent: &str, choices: &[&str]) -> Self {
        if let Some(last) = self.dimensions.last_mut() {
            last.when = Some(Condition {
                parent: parent.into(),
                choices: choices.iter().map(|&choice| choice.into()).collect(),
            });
        }
        self
    }

    /// The parameters.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Whether all parameters are numbers that always exist.
    pub(super) fn is_plain_numbers(&self) -> bool {
        self.dimensions
            .iter()
            .all(|dimension| dimension.when.is_none() && dimension.domain.n_choices().is_none())
    }

    pub(super) fn require_valid(&self) -> Result<(), SearchError> {
        if self.dimensions.is_empty() {
            return Err(SearchError::EmptySpace);
        }
        for (idx, dimension) in self.dimensions.iter().enumerate() {
            let earlier = &self.dimensions[..idx];
            if earlier.iter().any(|other| other.name == dimension.name) {
                return Err(SearchError::DuplicateName(dimension.name.clone()));
            }
            if let Some(allowed) = dimension.domain.complaint() {
                return Err(SearchError::Range {
                    name: dimension.name.clone(),
                    allowed,
                });
            }
            dimension.require_decidable(earlier)?;
        }
        Ok(())
    }

    /// Leaves out, with `None`, the places of parameters whose condition does not hold.
    pub(super) fn existing(&self, units: &[f64]) -> Vec<Option<f64>> {
        let mut point: Vec<Option<f64>> = Vec::with_capacity(units.len());
        for (dimension, &unit) in self.dimensions.iter().zip(units) {
            let exists = dimension
                .when
                .as_ref()
                .is_none_or(|condition| self.holds(condition, &point));
            point.push(exists.then_some(unit));
        }
        point
    }

    /// The values at a point of the unit cube.
    pub(super) fn assignment(&self, point: &[Option<f64>]) -> Assignment {
        let values = self.dimensions.iter().zip(point);
        Assignment(
            values
                .filter_map(|(dimension, unit)| {
                    Some((dimension.name.clone(), dimension.domain.value_at((*unit)?)))
                })
                .collect(),
        )
    }

    /// The point of the unit cube where these values lie.
    pub(super) fn point(&self, assignment: &Assignment) -> Vec<Option<f64>> {
        self.dimensions
            .iter()
            .map(|dimension| dimension.domain.unit_of(assignment.0.get(&dimension.name)?))
            .collect()
    }

    fn holds(&self, condition: &Condition, point: &[Option<f64>]) -> bool {
        let parent = self
            .dimensions
            .iter()
            .zip(point)
            .find(|(dimension, _)| dimension.name == condition.parent);
        let Some((Dimension { domain, .. }, Some(unit))) = parent else {
            return false;
        };
        let Domain::Category { choices } = domain else {
            return false;
        };
        condition
            .choices
            .contains(&choices[choice_at(*unit, choices.len())])
    }
}

impl Dimension {
    fn require_decidable(&self, earlier: &[Self]) -> Result<(), SearchError> {
        let Some(condition) = &self.when else {
            return Ok(());
        };
        let parent = earlier.iter().find(|other| other.name == condition.parent);
        let is_decidable = match parent.map(|parent| &parent.domain) {
            Some(Domain::Category { choices }) => {
                !condition.choices.is_empty()
                    && condition.choices.iter().all(|name| choices.contains(name))
            }
            _ => false,
        };
        if is_decidable {
            return Ok(());
        }
        Err(SearchError::Condition {
            name: self.name.clone(),
            parent: condition.parent.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested() -> Space {
        Space::new()
            .category("model", &["trees", "linear"])
            .category("growth", &["leaf", "level"])
            .when("model", &["trees"])
            .integer("n_leaves", 2, 64)
            .when("growth", &["leaf"])
            .real("penalty", 0.0, 1.0)
            .when("model", &["linear"])
    }

    #[test]
    fn children_of_absent_parents_are_absent() {
        let space = nested();

        let trees = space.existing(&[0.1, 0.1, 0.5, 0.5]);
        let linear = space.existing(&[0.9, 0.1, 0.5, 0.5]);

        assert_eq!(trees, [Some(0.1), Some(0.1), Some(0.5), None]);
        assert_eq!(linear, [Some(0.9), None, None, Some(0.5)]);
    }

    #[test]
    fn values_and_places_go_back_and_forth() {
        let space = nested();
        let values = space.assignment(&space.existing(&[0.2, 0.3, 0.7, 0.4]));

        let again = space.assignment(&space.point(&values));

        assert_eq!(values, again);
        assert_eq!(values.category("growth"), Some("leaf"));
        assert_eq!(values.integer("n_leaves"), Some(46));
        assert_eq!(values.real("penalty"), None);
    }

    #[test]
    fn a_space_that_makes_no_sense_is_refused() {
        let refused = |space: Space| space.require_valid().unwrap_err();

        assert_eq!(refused(Space::new()), SearchError::EmptySpace);
        assert_eq!(
            refused(Space::new().real("x", 0.0, 1.0).real("x", 0.0, 1.0)),
            SearchError::DuplicateName("x".into())
        );
        assert!(matches!(
            refused(Space::new().real("x", 1.0, 0.0)),
            SearchError::Range { .. }
        ));
        for child in [
            Space::new().real("x", 0.0, 1.0).when("y", &["a"]),
            Space::new()
                .category("y", &["a"])
                .real("x", 0.0, 1.0)
                .when("y", &["b"]),
            Space::new()
                .real("y", 0.0, 1.0)
                .real("x", 0.0, 1.0)
                .when("y", &["a"]),
        ] {
            assert!(matches!(refused(child), SearchError::Condition { .. }));
        }
        assert_eq!(nested().require_valid(), Ok(()));
    }
}
