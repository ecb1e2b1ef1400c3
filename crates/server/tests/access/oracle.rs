//! The rule written down a second time, by walking from the record to the user instead of from the user's
//! teams to the records: what the server answers is compared with it.

/// A workspace in numbers: all references are positions in lists.
#[derive(Debug, Default)]
pub(super) struct World {
    /// The team above each team.
    pub(super) parents: Vec<Option<usize>>,
    /// Who is in which team.
    pub(super) members: Vec<(usize, usize)>,
    pub(super) users: Vec<Person>,
    pub(super) records: Vec<Record>,
}

/// Whose records of each kind a colleague sees, changes and deletes.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) reaches: Vec<[usize; 3]>,
    /// Whether the colleague sees and claims those that are nobody's.
    pub(super) pools: Vec<bool>,
}

#[derive(Debug, Clone)]
pub(super) struct Record {
    /// Position of its kind.
    pub(super) kind: usize,
    pub(super) owner: Option<usize>,
    pub(super) shares: Vec<Share>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Share {
    User { user: usize, may_write: bool },
    Team { team: usize, may_write: bool },
}

/// What a colleague may do, in the order of a role's grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Read,
    Write,
    Delete,
}

/// The names of the reaches in the API, from nothing to everything.
pub(super) const REACHES: [&str; 5] = ["none", "own", "team", "department", "all"];

impl World {
    pub(super) fn may(&self, user: usize, record: &Record, deed: Deed) -> bool {
        let reach = self.users[user].reaches[record.kind][deed as usize];
        if reach == 0 {
            return false;
        }
        let is_open = self.users[user].pools[record.kind] && record.owner.is_none();
        self.is_reached(user, record, reach)
            || self.is_shared(user, record, deed)
            || (is_open && deed == Deed::Read)
    }

    fn is_reached(&self, user: usize, record: &Record, reach: usize) -> bool {
        let Some(owner) = record.owner else {
            return reach == 4;
        };
        let teams_of = |who: usize| {
            self.members
                .iter()
                .filter(move |(member, _)| *member == who)
        };
        match reach {
            4 => true,
            _ if owner == user => true,
            3 => teams_of(owner).any(|(_, team)| {
                let above = self.with_those_above(*team);
                teams_of(user).any(|(_, mine)| above.contains(mine))
            }),
            2 => teams_of(owner).any(|(_, team)| teams_of(user).any(|(_, mine)| mine == team)),
            _ => false,
        }
    }

    fn is_shared(&self, user: usize, record: &Record, deed: Deed) -> bool {
        record.shares.iter().any(|share| {
            let (may_write, is_theirs) = match *share {
                Share::User {
                    user: with,
                    may_write,
                } => (may_write, with == user),
                Share::Team { team, may_write } => {
                    let is_theirs = self.members.iter().any(|(member, mine)| {
                        *member == user && self.with_those_above(*mine).contains(&team)
                    });
                    (may_write, is_theirs)
                }
            };
            is_theirs
                && match deed {
                    Deed::Read => true,
                    Deed::Write => may_write,
                    Deed::Delete => false,
                }
        })
    }

    fn with_those_above(&self, team: usize) -> Vec<usize> {
        std::iter::successors(Some(team), |team| self.parents[*team]).collect()
    }
}
