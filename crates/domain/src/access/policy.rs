//! What a role allows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Verb;
use crate::{Invalid, ObjectKind, Role, Violation};

/// Whose records something may be done with. Each takes in the one before it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Nobody's.
    #[default]
    None,
    /// One's own.
    Own,
    /// Those of everybody in one's teams.
    Team,
    /// Those of everybody in one's teams and in every team below.
    Department,
    /// Everybody's, and those that are nobody's.
    All,
}

/// What a role allows with one kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Whose may be seen.
    pub read: Reach,
    /// Whose may be changed.
    pub write: Reach,
    /// Whose may be deleted.
    pub delete: Reach,
    /// Whether new ones may be made.
    pub create: bool,
    /// Whether those that are nobody's may be seen, claimed and given back.
    pub pool: bool,
}

impl Grant {
    /// Everything with everybody's records.
    pub const FULL: Self = Self {
        read: Reach::All,
        write: Reach::All,
        delete: Reach::All,
        create: true,
        pool: true,
    };

    /// Seeing everybody's records.
    pub const READ: Self = Self {
        read: Reach::All,
        write: Reach::None,
        delete: Reach::None,
        create: false,
        pool: false,
    };

    /// Whose records something may be done with.
    pub const fn reach(&self, verb: Verb) -> Reach {
        match verb {
            Verb::Read => self.read,
            Verb::Write => self.write,
            Verb::Delete => self.delete,
        }
    }

    fn changes_anything(&self) -> bool {
        self.create || self.pool || self.write > Reach::None || self.delete > Reach::None
    }
}

/// Something that a user may or may not do, whatever the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See records, segments and colleagues' names, as far as the grants reach. Everybody may.
    ReadRecords,
    /// See what mixes everybody's records: imports with their rows, jobs, the ledger. Follows from
    /// grants that let see all.
    ReadEverything,
    /// Change one's own name, language, theme and password, and keep views of lists. Everybody may.
    KeepOwnAccount,
    /// Create, change and delete records. Follows from the grants.
    WriteRecords,
    /// Upload files, map, run and stop imports.
    ImportFiles,
    /// Take whole lists away as files.
    ExportRecords,
    /// Train segments.
    TrainModels,
    /// Change which model serves.
    PromoteModels,
    /// Define custom fields.
    DefineFields,
    /// Make pipelines and change their stages, which moves deals. Follows from a grant that lets all deals
    /// be changed.
    ArrangePipelines,
    /// Add and change users, roles and teams, and see accounts. Only of administrators, for whoever
    /// gives out roles has them all.
    ManageUsers,
    /// Change the workspace's settings.
    ManageSettings,
    /// Add sources of events, and make and revoke their keys.
    ManageSources,
    /// Keep webhooks, which tell other systems what one sees oneself.
    ManageWebhooks,
    /// See who changed and saw what, and set changes back.
    ReadAudit,
}

/// What a role allows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolePolicy {
    /// What it allows with each kind of record that has an owner; nothing with those that are absent.
    pub objects: BTreeMap<ObjectKind, Grant>,
    /// What else it allows.
    pub actions: BTreeSet<Action>,
}

impl RolePolicy {
    /// The kinds of records that have an owner. Orders are seen with their customer, notes with what they
    /// are about, and products and campaigns by everybody.
    pub const OWNED: [ObjectKind; 5] = [
        ObjectKind::Contact,
        ObjectKind::Company,
        ObjectKind::Deal,
        ObjectKind::Ticket,
        ObjectKind::Task,
    ];

    /// The actions that a policy may give; the others follow from its grants or are nobody's to give.
    pub const GIVEN: [Action; 9] = [
        Action::ImportFiles,
        Action::ExportRecords,
        Action::TrainModels,
        Action::PromoteModels,
        Action::DefineFields,
        Action::ManageSettings,
        Action::ManageSources,
        Action::ManageWebhooks,
        Action::ReadAudit,
    ];

    /// What a built-in role allows.
    pub fn of(role: Role) -> Self {
        let grant = if role.can_write() {
            Grant::FULL
        } else {
            Grant::READ
        };
        let actions: &[Action] = match role {
            Role::Admin => &[
                Action::ImportFiles,
                Action::ExportRecords,
                Action::TrainModels,
                Action::PromoteModels,
                Action::DefineFields,
                Action::ManageUsers,
                Action::ManageSettings,
                Action::ManageSources,
                Action::ManageWebhooks,
                Action::ReadAudit,
            ],
            Role::Member => &[
                Action::ImportFiles,
                Action::ExportRecords,
                Action::TrainModels,
            ],
            Role::Viewer => &[],
        };
        Self {
            objects: Self::OWNED.map(|object| (object, grant)).into(),
            actions: actions.iter().copied().collect(),
        }
    }

    /// What it allows with a kind of record.
    pub fn grant(&self, object: ObjectKind) -> Grant {
        self.objects.get(&object).copied().unwrap_or_default()
    }

    /// Whether it allows something.
    pub fn allows(&self, action: Action) -> bool {
        match action {
            Action::ReadRecords | Action::KeepOwnAccount => true,
            Action::ReadEverything => self.is_of_all(Verb::Read),
            Action::WriteRecords => self.objects.values().any(Grant::changes_anything),
            Action::ArrangePipelines => self.grant(ObjectKind::Deal).write == Reach::All,
            given => self.actions.contains(&given),
        }
    }

    /// Whether something may be done with every record of every kind.
    pub fn is_of_all(&self, verb: Verb) -> bool {
        let mut grants = Self::OWNED.iter().map(|object| self.grant(*object));
        grants.all(|grant| grant.reach(verb) == Reach::All)
    }

    /// Checks a policy that somebody has put together.
    ///
    /// # Errors
    /// [`Invalid`] where a kind of record has no owner, where more may be changed or made than seen, where
    /// an action is not a policy's to give, or where one is given to whom it would show or let change what
    /// the grants keep away.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        for (object, grant) in &self.objects {
            if !Self::OWNED.contains(object) {
                let message = format!("records of kind {object:?} have no owner; leave it out");
                violations.push(Violation::new("/policy/objects", "no_owner", message));
            }
            let makes_unseen = (grant.create || grant.pool) && grant.read == Reach::None;
            if grant.write > grant.read || grant.delete > grant.read || makes_unseen {
                let message = format!(
                    "{object:?}: what may not be seen cannot be made, changed or deleted; let more be seen"
                );
                violations.push(Violation::new(
                    "/policy/objects",
                    "wider_than_read",
                    message,
                ));
            }
        }
        let claims = |(object, grant): (&ObjectKind, &Grant)| {
            (grant.pool && grant.write == Reach::None).then_some(*object)
        };
        if let Some(object) = self.objects.iter().find_map(claims) {
            let message = format!(
                "{object:?}: what is claimed is there to be changed; let one's own be changed, or leave the pool out"
            );
            violations.push(Violation::new(
                "/policy/objects",
                "pool_needs_write",
                message,
            ));
        }
        if let Some(action) = self.actions.iter().find(|a| !Self::GIVEN.contains(a)) {
            let message = format!(
                "{action:?} cannot be given by a role; it follows from the grants or is the administrator's"
            );
            violations.push(Violation::new("/policy/actions", "not_given", message));
        }
        for action in &self.actions {
            if let Some(message) = self.lacks(*action) {
                violations.push(Violation::new("/policy/actions", "needs_all", message));
            }
        }
        Invalid::check(violations)
    }

    /// What the grants lack for an action whose effect they do not bound.
    fn lacks(&self, action: Action) -> Option<&'static str> {
        let reads_all = self.is_of_all(Verb::Read);
        let changes_all = reads_all && self.is_of_all(Verb::Write);
        let mut grants = Self::OWNED.iter().map(|object| self.grant(*object));
        let makes_all = grants.all(|grant| grant.create) && self.is_of_all(Verb::Delete);
        match action {
            Action::ImportFiles if !(changes_all && makes_all) => Some(
                "an import sees, makes and changes everybody's records, and its undoing deletes them; let all of that be done with all, or no imports",
            ),
            Action::ManageSources if !changes_all => Some(
                "what a source tells changes everybody's records; let all be read and changed, or no sources be managed",
            ),
            Action::ManageSettings if !changes_all => Some(
                "the rules of pools take records from everybody; let all be read and changed, or no settings be managed",
            ),
            Action::DefineFields if !reads_all => Some(
                "a unique field tells of everybody's values; let all be read, or no fields be defined",
            ),
            Action::ReadAudit if !reads_all => Some(
                "the audit tells the values of everybody's records; let all be read, or no audit",
            ),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTIONS: [Action; 15] = [
        Action::ReadRecords,
        Action::ReadEverything,
        Action::KeepOwnAccount,
        Action::WriteRecords,
        Action::ArrangePipelines,
        Action::ImportFiles,
        Action::ExportRecords,
        Action::TrainModels,
        Action::PromoteModels,
        Action::DefineFields,
        Action::ManageUsers,
        Action::ManageSettings,
        Action::ManageSources,
        Action::ManageWebhooks,
        Action::ReadAudit,
    ];

    fn allowed(role: Role) -> Vec<Action> {
        let policy = RolePolicy::of(role);
        let allowed = ACTIONS.into_iter().filter(|action| policy.allows(*action));
        allowed.collect()
    }

    #[test]
    fn built_in_roles_allow_what_they_always_did() {
        assert_eq!(allowed(Role::Admin), ACTIONS);
        assert_eq!(allowed(Role::Member), ACTIONS[..8]);
        assert_eq!(allowed(Role::Viewer), ACTIONS[..3]);
    }

    fn codes(policy: &RolePolicy) -> Vec<&'static str> {
        let invalid = policy.check().expect_err("the policy is refused");
        invalid.violations.iter().map(|v| v.code).collect()
    }

    #[test]
    fn a_policy_that_contradicts_itself_is_refused() {
        let blind = Grant {
            read: Reach::Own,
            write: Reach::Team,
            ..Grant::default()
        };
        let policy = |object, grant: Grant, action: Option<Action>| RolePolicy {
            objects: [(object, grant)].into(),
            actions: action.into_iter().collect(),
        };

        assert_eq!(
            codes(&policy(ObjectKind::Deal, blind, None)),
            ["wider_than_read"]
        );
        assert_eq!(
            codes(&policy(ObjectKind::Product, Grant::READ, None)),
            ["no_owner"]
        );
        let action = Some(Action::ManageUsers);
        assert_eq!(
            codes(&policy(ObjectKind::Deal, Grant::FULL, action)),
            ["not_given"]
        );
        let action = Some(Action::ImportFiles);
        assert_eq!(
            codes(&policy(ObjectKind::Deal, Grant::FULL, action)),
            ["needs_all"]
        );
        assert_eq!(RolePolicy::of(Role::Member).check(), Ok(()));
        let idle = Grant {
            pool: true,
            ..Grant::READ
        };
        assert_eq!(
            codes(&policy(ObjectKind::Deal, idle, None)),
            ["pool_needs_write"]
        );
    }

    #[test]
    fn an_action_that_reaches_all_records_needs_grants_that_do() {
        let policy = |grant: Grant, action: Action| RolePolicy {
            objects: RolePolicy::OWNED.map(|object| (object, grant)).into(),
            actions: [action].into(),
        };
        let keeps = Grant {
            delete: Reach::Own,
            ..Grant::FULL
        };
        let makes_none = Grant {
            create: false,
            ..Grant::FULL
        };
        let narrow = Grant {
            write: Reach::Own,
            delete: Reach::Own,
            ..Grant::FULL
        };

        for (action, refused, taken) in [
            (
                Action::ImportFiles,
                &[keeps, makes_none, narrow][..],
                Grant::FULL,
            ),
            (Action::ManageSources, &[narrow, Grant::READ][..], keeps),
            (Action::ManageSettings, &[narrow, Grant::READ][..], keeps),
            (Action::DefineFields, &[Grant::default()][..], narrow),
        ] {
            for grant in refused {
                assert_eq!(codes(&policy(*grant, action)), ["needs_all"], "{action:?}");
            }
            assert_eq!(policy(taken, action).check(), Ok(()), "{action:?}");
        }
    }
}
