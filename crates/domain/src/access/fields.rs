//! Rules for single fields: what of a record a role keeps from its holders, or lets them only read.
//!
//! A rule takes away from what the grant gives, never adds to it. What may be ruled is a closed list:
//! a field is hidden only where nothing else tells it, and read only where people set it at all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ObjectKind, Violation};

/// What names of custom fields begin with.
pub const CUSTOM_PREFIX: &str = "custom.";

/// What a record is called whose name only repeats what its reader does not see, such as the address that a
/// file knew somebody by. It is the same in every language, and nobody's name.
pub const STAND_IN_NAME: &str = "•••";

/// What a role takes away of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldRule {
    /// It is seen and not set.
    ReadOnly,
    /// It is neither seen nor set.
    Hidden,
}

/// Rules by object and by the name under which the API sets the field; `custom.key` for a custom one.
pub type FieldRules = BTreeMap<ObjectKind, BTreeMap<String, FieldRule>>;

/// A field that rules may be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuledField {
    /// The name under which the API sets it.
    pub name: &'static str,
    /// Whether it may be hidden, too.
    pub may_be_hidden: bool,
    /// Whether no record is made without it.
    pub is_needed: bool,
}

const fn shown(name: &'static str) -> RuledField {
    RuledField {
        name,
        may_be_hidden: false,
        is_needed: false,
    }
}

const fn hideable(name: &'static str) -> RuledField {
    RuledField {
        name,
        may_be_hidden: true,
        is_needed: false,
    }
}

const fn needed(name: &'static str) -> RuledField {
    RuledField {
        name,
        may_be_hidden: false,
        is_needed: true,
    }
}

const CONTACT: &[RuledField] = &[
    needed("name"),
    shown("first_name"),
    shown("last_name"),
    hideable("email"),
    hideable("phone"),
    hideable("title"),
    shown("company_id"),
    shown("owner_id"),
    hideable("address"),
    hideable("tags"),
    hideable("language"),
];

const COMPANY: &[RuledField] = &[
    needed("name"),
    hideable("domain"),
    hideable("industry"),
    hideable("n_employees"),
    shown("owner_id"),
    hideable("address"),
    hideable("tags"),
];

const DEAL: &[RuledField] = &[
    needed("name"),
    hideable("amount"),
    hideable("expected_close_on"),
    shown("contact_id"),
    shown("company_id"),
    shown("owner_id"),
];

const TICKET: &[RuledField] = &[
    needed("subject"),
    hideable("body"),
    shown("status"),
    shown("priority"),
    shown("channel"),
    shown("contact_id"),
    shown("owner_id"),
];

const TASK: &[RuledField] = &[
    needed("title"),
    shown("status"),
    shown("priority"),
    shown("due_on"),
    shown("subject"),
    shown("owner_id"),
];

/// The fields of an object that rules may be made for, beside its custom fields.
///
/// Names and titles are what records are told apart by; owners decide who sees a record, customers
/// whose page it stands on; priorities and days are what the home screen ranks by. These may be kept
/// from being set, not from being seen. What follows of orders is told by the orders.
pub const fn ruled_fields(object: ObjectKind) -> &'static [RuledField] {
    match object {
        ObjectKind::Contact => CONTACT,
        ObjectKind::Company => COMPANY,
        ObjectKind::Deal => DEAL,
        ObjectKind::Ticket => TICKET,
        ObjectKind::Task => TASK,
        ObjectKind::Product | ObjectKind::Order | ObjectKind::Campaign => &[],
    }
}

/// The field that a list's field tells of: lists know parts of an address by themselves.
pub fn field_of_list(name: &str) -> &str {
    match name {
        "city" | "country" => "address",
        name => name,
    }
}

/// A rule that cannot be: where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenRule {
    /// The object.
    pub object: ObjectKind,
    /// The field as it was named.
    pub field: String,
    /// Stable machine-readable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// The rules that cannot be. `is_custom` says whether an object has a custom field of a key, `makes`
/// whether the role makes new records of the object.
pub(super) fn broken(
    rules: &FieldRules,
    is_custom: impl Fn(ObjectKind, &str) -> bool,
    makes: impl Fn(ObjectKind) -> bool,
) -> Vec<BrokenRule> {
    let mut broken = Vec::new();
    for (object, fields) in rules {
        for (field, rule) in fields {
            let why = match field.strip_prefix(CUSTOM_PREFIX) {
                Some(key) if ObjectKind::WITH_CUSTOM_FIELDS.contains(object) => {
                    (!is_custom(*object, key)).then(|| no_custom_field(*object, key))
                }
                _ => why_not(*object, field, *rule, makes(*object)),
            };
            broken.extend(why.map(|Violation { code, message, .. }| BrokenRule {
                object: *object,
                field: field.clone(),
                code,
                message,
            }));
        }
    }
    broken
}

fn no_custom_field(object: ObjectKind, key: &str) -> Violation {
    let message = format!("{object:?} has no custom field {key}; define it first");
    Violation::new(POINTER, "unknown_field", message)
}

fn why_not(object: ObjectKind, field: &str, rule: FieldRule, makes: bool) -> Option<Violation> {
    let known = ruled_fields(object);
    let Some(known_field) = known.iter().find(|known| known.name == field) else {
        let names: Vec<&str> = known.iter().map(|known| known.name).collect();
        let message = match names.is_empty() {
            true => format!("no rules are made for fields of {object:?}; leave it out"),
            false => format!(
                "no rule can be made for {field} of {object:?}; use one of {}",
                names.join(", ")
            ),
        };
        return Some(Violation::new(POINTER, "unknown_field", message));
    };
    if rule == FieldRule::Hidden && !known_field.may_be_hidden {
        let message = format!("{field} is needed to work with the record; let it be read");
        return Some(Violation::new(POINTER, "not_hideable", message));
    }
    if known_field.is_needed && makes {
        let message = format!("no record is made without {field}; let it be set, or none be made");
        return Some(Violation::new(POINTER, "needed", message));
    }
    None
}

/// Where rules stand in a policy.
const POINTER: &str = "/policy/fields";

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(object: ObjectKind, field: &str, rule: FieldRule, makes: bool) -> Vec<&'static str> {
        let rules = [(object, [(field.to_owned(), rule)].into())].into();
        let broken = broken(&rules, |_, key| key == "level", |_| makes);
        broken.into_iter().map(|broken| broken.code).collect()
    }

    #[test]
    fn what_everything_needs_is_never_hidden() {
        use FieldRule::{Hidden, ReadOnly};
        use ObjectKind::{Contact, Deal, Order, Task};

        assert_eq!(codes(Contact, "name", Hidden, false), ["not_hideable"]);
        assert_eq!(codes(Contact, "name", ReadOnly, true), ["needed"]);
        assert!(codes(Contact, "name", ReadOnly, false).is_empty());
        assert_eq!(codes(Task, "owner_id", Hidden, false), ["not_hideable"]);
        assert!(codes(Deal, "amount", Hidden, true).is_empty());
        for field in ["id", "version", "total_spent", "", "custom"] {
            assert_eq!(codes(Contact, field, Hidden, true), ["unknown_field"]);
        }
        assert_eq!(codes(Order, "amount", Hidden, true), ["unknown_field"]);
    }

    #[test]
    fn a_custom_field_is_one_that_there_is() {
        let of = |object, field| codes(object, field, FieldRule::Hidden, true);

        assert!(of(ObjectKind::Ticket, "custom.level").is_empty());
        assert_eq!(of(ObjectKind::Ticket, "custom.lever"), ["unknown_field"]);
        assert_eq!(of(ObjectKind::Order, "custom.level"), ["unknown_field"]);
    }
}
