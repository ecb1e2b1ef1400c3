//! A role as the API shows and takes it.

use std::collections::{BTreeMap, BTreeSet};

use rapport_store::roles;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Meta, Record};
use crate::wire::{Action, FieldRule, ObjectKind, Reach, Time};

/// What a role allows with one kind of record.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grant {
    /// Whose may be seen.
    read: Reach,
    /// Whose may be changed; never wider than `read`.
    write: Reach,
    /// Whose may be deleted; never wider than `read`.
    delete: Reach,
    /// Whether new ones may be made.
    create: bool,
    /// Whether those that are nobody's may be seen, claimed and given back.
    pool: bool,
}

/// What a role allows.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolePolicy {
    /// What it allows with `contact`, `company`, `deal`, `ticket` and `task`; nothing with those that are
    /// absent. Orders are seen with their customer, notes with what they are about.
    objects: BTreeMap<ObjectKind, Grant>,
    /// What else it allows.
    actions: BTreeSet<Action>,
    /// What of that it takes away again: by object and by the name under which the field is set, such as
    /// `phone`, or `custom.` and the key of a custom field. A hidden field is absent from every answer and
    /// cannot be filtered, sorted or searched by.
    #[serde(default)]
    fields: BTreeMap<ObjectKind, BTreeMap<String, FieldRule>>,
}

/// A role that somebody has put together. The built-in ones are `admin`, `member` and `viewer`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomRole {
    /// Identifier.
    id: Uuid,
    /// Name.
    name: String,
    /// What it allows.
    policy: RolePolicy,
    /// When it was made.
    created_at: Time,
    /// Grows by one with every change.
    version: i64,
}

/// All roles that people put together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomRoleList {
    /// The roles, by name.
    pub(super) roles: Vec<CustomRole>,
    /// Always the only page.
    pub(super) meta: Meta,
}

/// A role to be made or written anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleInput {
    /// Name, which no other role has.
    pub(super) name: String,
    /// What it allows.
    pub(super) policy: RolePolicy,
}

impl From<rapport_domain::Grant> for Grant {
    fn from(grant: rapport_domain::Grant) -> Self {
        Self {
            read: grant.read.into(),
            write: grant.write.into(),
            delete: grant.delete.into(),
            create: grant.create,
            pool: grant.pool,
        }
    }
}

impl From<Grant> for rapport_domain::Grant {
    fn from(grant: Grant) -> Self {
        Self {
            read: grant.read.into(),
            write: grant.write.into(),
            delete: grant.delete.into(),
            create: grant.create,
            pool: grant.pool,
        }
    }
}

impl From<rapport_domain::RolePolicy> for RolePolicy {
    fn from(policy: rapport_domain::RolePolicy) -> Self {
        let objects = policy.objects.into_iter();
        Self {
            objects: objects.map(|(o, grant)| (o.into(), grant.into())).collect(),
            actions: policy.actions.into_iter().map(Into::into).collect(),
            fields: converted(policy.fields),
        }
    }
}

impl From<RolePolicy> for rapport_domain::RolePolicy {
    fn from(policy: RolePolicy) -> Self {
        let objects = policy.objects.into_iter();
        Self {
            objects: objects.map(|(o, grant)| (o.into(), grant.into())).collect(),
            actions: policy.actions.into_iter().map(Into::into).collect(),
            fields: converted(policy.fields),
        }
    }
}

/// The same rules in the words of another layer.
fn converted<O: Into<P>, P: Ord, R: Into<S>, S>(
    fields: BTreeMap<O, BTreeMap<String, R>>,
) -> BTreeMap<P, BTreeMap<String, S>> {
    let of_object = |rules: BTreeMap<String, R>| {
        let rules = rules.into_iter();
        rules.map(|(field, rule)| (field, rule.into())).collect()
    };
    let fields = fields.into_iter();
    fields
        .map(|(object, rules)| (object.into(), of_object(rules)))
        .collect()
}

impl From<roles::CustomRole> for CustomRole {
    fn from(role: roles::CustomRole) -> Self {
        Self {
            id: role.id.0,
            name: role.name,
            policy: role.policy.into(),
            created_at: Time(role.created_at),
            version: role.version,
        }
    }
}

impl From<CustomRole> for Record<CustomRole> {
    fn from(role: CustomRole) -> Self {
        Self {
            version: role.version,
            body: role,
        }
    }
}
