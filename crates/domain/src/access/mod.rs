//! Who may do what with which record: roles as policies, and the one decision over them.
//!
//! A role says for each kind of record whose records its holders read, change and delete: their own,
//! those of their teams, those of their departments, or all. A record may be shared beyond that with
//! a person or a team. [`decide`] is the rule; the store writes the same rule as SQL, and a test holds
//! the two together.

mod fields;
mod policy;
mod pool;
mod team;

use std::collections::BTreeSet;

use crate::{ObjectKind, TeamId, UserId};

pub use fields::{
    BrokenRule, CUSTOM_PREFIX, FieldRule, FieldRules, RuledField, STAND_IN_NAME, field_of_list,
    ruled_fields,
};
pub use policy::{Action, Grant, Reach, RolePolicy};
pub use pool::PoolRule;
pub use team::{Team, TeamKind, teams_above, teams_below};

/// What somebody wants to do with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// See it.
    Read,
    /// Change it.
    Write,
    /// Delete it.
    Delete,
}

/// One user with all that decides what the user sees: a value that a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who asks.
    pub user_id: UserId,
    /// What the user's role allows.
    pub policy: RolePolicy,
    /// The teams that the user is in.
    pub teams: BTreeSet<TeamId>,
    /// Those teams and every team below them.
    pub department: BTreeSet<TeamId>,
    /// Those teams and every team above them: what is shared with one of these reaches the user.
    pub reached_by: BTreeSet<TeamId>,
}

/// What the decision has to know of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holding {
    /// Colleague in charge.
    pub owner_id: Option<UserId>,
    /// The teams that the colleague in charge is in.
    pub owner_teams: BTreeSet<TeamId>,
    /// With whom it is shared.
    pub shares: Vec<Share>,
}

/// A record shared beyond its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// With whom.
    pub with: Sharer,
    /// Whether they may change it, too.
    pub may_write: bool,
}

/// With whom a record is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sharer {
    /// One colleague.
    User(UserId),
    /// A team, with every team below it.
    Team(TeamId),
}

impl Access {
    /// A user who is in no team.
    pub fn alone(user_id: UserId, policy: RolePolicy) -> Self {
        Self {
            user_id,
            policy,
            teams: BTreeSet::new(),
            department: BTreeSet::new(),
            reached_by: BTreeSet::new(),
        }
    }

    /// A user in `teams`, of all teams that there are.
    pub fn in_teams(
        user_id: UserId,
        policy: RolePolicy,
        teams: BTreeSet<TeamId>,
        all: &[Team],
    ) -> Self {
        Self {
            user_id,
            policy,
            department: teams_below(all, &teams),
            reached_by: teams_above(all, &teams),
            teams,
        }
    }

    /// Whose records of a kind the user may do this with.
    pub fn reach(&self, object: ObjectKind, verb: Verb) -> Reach {
        self.policy.grant(object).reach(verb)
    }

    /// Whether a share of a record reaches the user.
    pub fn is_reached_by(&self, with: Sharer) -> bool {
        match with {
            Sharer::User(user) => user == self.user_id,
            Sharer::Team(team) => self.reached_by.contains(&team),
        }
    }
}

/// Whether somebody may do something with a record: whose records it is about decides first, then with
/// whom it is shared, and whether it is in a pool that the user takes from. A role that may not do it with
/// any record is not helped by a share or the pool; nothing is deleted on the strength of a share, and
/// nothing changed on that of the pool before it is claimed.
pub fn decide(access: &Access, object: ObjectKind, verb: Verb, record: &Holding) -> bool {
    let is_own = record.owner_id == Some(access.user_id);
    let is_of = |teams: &BTreeSet<TeamId>| is_own || !record.owner_teams.is_disjoint(teams);
    let is_in_scope = match access.reach(object, verb) {
        Reach::None => return false,
        Reach::Own => is_own,
        Reach::Team => is_of(&access.teams),
        Reach::Department => is_of(&access.department),
        Reach::All => true,
    };
    let is_in_pool = record.owner_id.is_none() && access.policy.grant(object).pool;
    is_in_scope
        || (verb == Verb::Read && is_in_pool)
        || record
            .shares
            .iter()
            .any(|share| lets(*share, verb) && access.is_reached_by(share.with))
}

/// Whether a share is for this.
const fn lets(share: Share, verb: Verb) -> bool {
    match verb {
        Verb::Read => true,
        Verb::Write => share.may_write,
        Verb::Delete => false,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ADA: UserId = UserId(Uuid::from_u128(1));
    const BEN: UserId = UserId(Uuid::from_u128(2));
    const NORTH: TeamId = TeamId(Uuid::from_u128(11));
    const SALES: TeamId = TeamId(Uuid::from_u128(12));

    fn seller(scope: Reach) -> Access {
        let grant = Grant {
            read: scope,
            write: scope,
            delete: scope,
            create: true,
            pool: false,
        };
        let policy = RolePolicy {
            objects: [(ObjectKind::Deal, grant)].into(),
            ..RolePolicy::default()
        };
        let teams = [
            Team::named(SALES, "Sales", None),
            Team::named(NORTH, "North", Some(SALES)),
        ];
        Access::in_teams(ADA, policy, [SALES].into(), &teams)
    }

    fn deal_of(owner: UserId, teams: &[TeamId]) -> Holding {
        Holding {
            owner_id: Some(owner),
            owner_teams: teams.iter().copied().collect(),
            shares: Vec::new(),
        }
    }

    fn verbs(access: &Access, record: &Holding) -> [bool; 3] {
        [Verb::Read, Verb::Write, Verb::Delete]
            .map(|verb| decide(access, ObjectKind::Deal, verb, record))
    }

    #[test]
    fn each_scope_takes_in_the_one_before() {
        let records = [
            deal_of(ADA, &[SALES]),
            deal_of(BEN, &[SALES]),
            deal_of(BEN, &[NORTH]),
            deal_of(BEN, &[]),
        ];
        let scopes = [
            Reach::None,
            Reach::Own,
            Reach::Team,
            Reach::Department,
            Reach::All,
        ];

        for (n_seen, scope) in scopes.into_iter().enumerate() {
            let access = seller(scope);
            for (idx, record) in records.iter().enumerate() {
                assert_eq!(verbs(&access, record), [idx < n_seen; 3], "{scope:?} {idx}");
            }
        }
    }

    #[test]
    fn what_belongs_to_nobody_is_seen_by_those_who_see_all() {
        let nobodys = Holding::default();

        assert_eq!(verbs(&seller(Reach::Department), &nobodys), [false; 3]);
        assert_eq!(verbs(&seller(Reach::All), &nobodys), [true; 3]);
    }

    #[test]
    fn a_share_lets_see_and_with_the_right_change_but_never_delete() {
        let shared = |with, may_write| Holding {
            shares: vec![Share { with, may_write }],
            ..deal_of(BEN, &[])
        };
        let ada = seller(Reach::Own);

        assert_eq!(
            verbs(&ada, &shared(Sharer::User(ADA), false)),
            [true, false, false]
        );
        assert_eq!(
            verbs(&ada, &shared(Sharer::Team(SALES), true)),
            [true, true, false]
        );
        // A share with a team below does not rise to the one above.
        assert_eq!(verbs(&ada, &shared(Sharer::Team(NORTH), true)), [false; 3]);
        assert_eq!(
            verbs(&seller(Reach::None), &shared(Sharer::User(ADA), true)),
            [false; 3]
        );
    }

    #[test]
    fn a_kind_that_a_policy_does_not_name_is_closed() {
        let access = seller(Reach::All);

        assert!(!decide(
            &access,
            ObjectKind::Contact,
            Verb::Read,
            &Holding::default()
        ));
    }
}
