//! Teams, and the departments that they form.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::check_text;
use crate::{Invalid, TeamId};

/// What a team is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamKind {
    /// People who work together.
    Team,
    /// Several teams under one head.
    Department,
}

/// A group of colleagues; below another one or at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Identifier.
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// The team above.
    pub parent_id: Option<TeamId>,
    /// What it is called.
    pub kind: TeamKind,
}

impl Team {
    /// A team of this name.
    pub fn named(id: TeamId, name: impl Into<String>, parent_id: Option<TeamId>) -> Self {
        Self {
            id,
            name: name.into(),
            parent_id,
            kind: TeamKind::Team,
        }
    }

    /// Checks what people type.
    ///
    /// # Errors
    /// [`Invalid`] where the name is blank or longer than 100 characters.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        check_text(&mut violations, "/name", &self.name, 100);
        Invalid::check(violations)
    }
}

/// These teams and every team below them.
pub fn teams_below(all: &[Team], from: &BTreeSet<TeamId>) -> BTreeSet<TeamId> {
    let mut reached = from.clone();
    let mut rest: Vec<&Team> = all.iter().collect();
    loop {
        let n_reached = reached.len();
        rest.retain(|team| {
            let is_below = team.parent_id.is_some_and(|id| reached.contains(&id));
            if is_below {
                reached.insert(team.id);
            }
            !is_below
        });
        if reached.len() == n_reached {
            return reached;
        }
    }
}

/// These teams and every team above them.
pub fn teams_above(all: &[Team], from: &BTreeSet<TeamId>) -> BTreeSet<TeamId> {
    let mut reached = from.clone();
    loop {
        let is_reached = |team: &&Team| reached.contains(&team.id);
        let parents = all.iter().filter(is_reached);
        let parents: Vec<TeamId> = parents.filter_map(|team| team.parent_id).collect();
        let n_reached = reached.len();
        reached.extend(parents);
        if reached.len() == n_reached {
            return reached;
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const fn id(n: u128) -> TeamId {
        TeamId(Uuid::from_u128(n))
    }

    fn tree() -> Vec<Team> {
        vec![
            Team::named(id(4), "deepest", Some(id(3))),
            Team::named(id(3), "below", Some(id(1))),
            Team::named(id(2), "beside", Some(id(1))),
            Team::named(id(1), "top", None),
        ]
    }

    #[test]
    fn a_department_is_all_that_hangs_below() {
        assert_eq!(
            teams_below(&tree(), &[id(1)].into()),
            [1, 2, 3, 4].map(id).into()
        );
        assert_eq!(teams_below(&tree(), &[id(3)].into()), [3, 4].map(id).into());
        assert_eq!(
            teams_above(&tree(), &[id(4)].into()),
            [1, 3, 4].map(id).into()
        );
    }

    #[test]
    fn a_ring_of_teams_ends() {
        let ring = [
            Team::named(id(1), "one", Some(id(2))),
            Team::named(id(2), "two", Some(id(1))),
        ];

        assert_eq!(teams_below(&ring, &[id(1)].into()), [1, 2].map(id).into());
        assert_eq!(teams_above(&ring, &[id(1)].into()), [1, 2].map(id).into());
    }
}
