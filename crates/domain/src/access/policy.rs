//! What a role allows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Verb;
use super::fields::{self, BrokenRule, FieldRule, FieldRules};
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
    /// grants that let see all, where no field is hidden.
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
    /// Add, change and remove the mailboxes that are read. Only of administrators, for what they hold is
    /// everybody's mail.
    ManageMailboxes,
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
    /// What of that it takes away again, field by field.
    #[serde(default)]
    pub fields: FieldRules,
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
                Action::ManageMailboxes,
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
            fields: FieldRules::new(),
        }
    }

    /// What it takes away of a field, if anything.
    pub fn field_rule(&self, object: ObjectKind, field: &str) -> Option<FieldRule> {
        self.fields.get(&object)?.get(field).copied()
    }

    /// Whether it keeps a field from being seen.
    pub fn hides(&self, object: ObjectKind, field: &str) -> bool {
        self.field_rule(object, field) == Some(FieldRule::Hidden)
    }

    /// Whether it keeps any field from being seen.
    pub fn hides_any(&self) -> bool {
        let mut rules = self.fields.values().flat_map(BTreeMap::values);
        rules.any(|rule| *rule == FieldRule::Hidden)
    }

    /// Whether it has a rule for any field.
    pub fn rules_any(&self) -> bool {
        self.fields.values().any(|rules| !rules.is_empty())
    }

    /// What it allows with a kind of record.
    pub fn grant(&self, object: ObjectKind) -> Grant {
        self.objects.get(&object).copied().unwrap_or_default()
    }

    /// Whether it allows something.
    pub fn allows(&self, action: Action) -> bool {
        match action {
            Action::ReadRecords | Action::KeepOwnAccount => true,
            Action::ReadEverything => self.is_of_all(Verb::Read) && !self.hides_any(),
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
        // Which custom fields there are is asked where they are known.
        for rule in self.broken_field_rules(|_, _| true) {
            violations.push(Violation::new("/policy/fields", rule.code, rule.message));
        }
        Invalid::check(violations)
    }

    /// The rules for fields that cannot be; `is_custom` says whether an object has a custom field of a
    /// key.
    pub fn broken_field_rules(
        &self,
        is_custom: impl Fn(ObjectKind, &str) -> bool,
    ) -> Vec<BrokenRule> {
        fields::broken(&self.fields, is_custom, |object| self.grant(object).create)
    }

    /// The part of a policy that keeps today's rules: for one that was put together before there were as
    /// many of them, which must not let more be done than one that is put together now.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        self.objects
            .retain(|object, _| Self::OWNED.contains(object));
        for grant in self.objects.values_mut() {
            grant.write = grant.write.min(grant.read);
            grant.delete = grant.delete.min(grant.read);
            grant.create &= grant.read > Reach::None;
            grant.pool &= grant.write > Reach::None;
        }
        // What is settled may be broken in another way: a name that is no longer hidden is still not set.
        loop {
            let broken = self.broken_field_rules(|_, _| true);
            if broken.is_empty() {
                break;
            }
            broken.iter().for_each(|broken| self.settle_rule(broken));
        }
        let kept = self.actions.iter().copied();
        let kept =
            kept.filter(|action| Self::GIVEN.contains(action) && self.lacks(*action).is_none());
        self.actions = kept.collect();
        self
    }

    /// Makes of a rule that cannot be one that can: what cannot be hidden is only read, and where no record
    /// is made without a field, none is.
    fn settle_rule(&mut self, broken: &BrokenRule) {
        let rules = self.fields.entry(broken.object).or_default();
        match broken.code {
            "not_hideable" => {
                rules.insert(broken.field.clone(), FieldRule::ReadOnly);
            }
            "needed" => {
                let grant = self.objects.get_mut(&broken.object);
                grant.into_iter().for_each(|grant| grant.create = false);
            }
            _ => {
                rules.remove(&broken.field);
            }
        }
    }

    /// What the grants lack for an action whose effect they do not bound.
    fn lacks(&self, action: Action) -> Option<&'static str> {
        let reads_all = self.is_of_all(Verb::Read);
        let changes_all = reads_all && self.is_of_all(Verb::Write);
        let mut grants = Self::OWNED.iter().map(|object| self.grant(*object));
        let makes_all = grants.all(|grant| grant.create) && self.is_of_all(Verb::Delete);
        match action {
            Action::ImportFiles | Action::ManageSources if self.rules_any() => Some(
                "an import and a source tell of every field and write it; make no rules for fields, or give neither",
            ),
            Action::DefineFields | Action::ReadAudit if self.hides_any() => Some(
                "a unique field and the audit tell everybody's values; hide no field, or give neither",
            ),
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
mod tests;
