//! Where answers tell fields that may be hidden: the one table.

use rapport_domain::{CUSTOM_PREFIX, ObjectKind, RolePolicy, ruled_fields};
use serde_json::{Map, Value};

/// A schema of the API that tells fields of an object under other names than theirs.
#[derive(Debug, PartialEq, Eq)]
struct Retold {
    schema: &'static str,
    object: ObjectKind,
    /// Members, and of each the fields that it tells: it is left out where one of them is hidden.
    members: &'static [(&'static str, &'static [&'static str])],
}

const RETOLD: [Retold; 3] = [
    Retold {
        schema: "Identity",
        object: ObjectKind::Contact,
        members: &[
            ("email", &["email"]),
            ("phone", &["phone"]),
            ("profile_key", &["email", "phone"]),
        ],
    },
    Retold {
        schema: "DealColumn",
        object: ObjectKind::Deal,
        members: &[("sums", &["amount"]), ("weighted", &["amount"])],
    },
    Retold {
        schema: "TimelineEntry",
        object: ObjectKind::Ticket,
        members: &[("detail", &["body"])],
    },
];

/// The schemas of whole records, whose members are called as the fields are.
const RECORDS: [(&str, ObjectKind); 5] = [
    ("Contact", ObjectKind::Contact),
    ("Company", ObjectKind::Company),
    ("Deal", ObjectKind::Deal),
    ("Ticket", ObjectKind::Ticket),
    ("Task", ObjectKind::Task),
];

/// A schema that tells fields which may be hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// A whole record.
    Record(ObjectKind),
    /// Something made of a record.
    Retold(&'static str),
}

impl Told {
    /// What a schema tells, if it tells anything that may be hidden.
    pub(super) fn by(schema: &str) -> Option<Self> {
        let record = RECORDS.iter().find(|(name, _)| *name == schema);
        let retold = RETOLD.iter().find(|retold| retold.schema == schema);
        record
            .map(|(_, object)| Self::Record(*object))
            .or_else(|| retold.map(|retold| Self::Retold(retold.schema)))
    }

    /// Takes out what a role hides.
    pub(super) fn strip(self, members: &mut Map<String, Value>, policy: &RolePolicy) {
        match self {
            Self::Record(object) => strip_record(members, object, policy),
            Self::Retold(schema) => {
                let retold = RETOLD.iter().filter(|retold| retold.schema == schema);
                for Retold {
                    object,
                    members: of_schema,
                    ..
                } in retold
                {
                    let is_hidden = |fields: &[&str]| {
                        let mut fields = fields.iter();
                        fields.any(|field| policy.hides(*object, field))
                    };
                    for (member, _) in of_schema.iter().filter(|(_, fields)| is_hidden(fields)) {
                        members.remove(*member);
                    }
                }
            }
        }
    }

    /// The object of a whole record.
    pub(super) const fn record(self) -> Option<ObjectKind> {
        match self {
            Self::Record(object) => Some(object),
            Self::Retold(_) => None,
        }
    }
}

/// Takes the fields that a role hides out of a record in the API's form.
pub(crate) fn strip(record: &mut Value, object: ObjectKind, policy: &RolePolicy) {
    if let Value::Object(members) = record {
        strip_record(members, object, policy);
    }
}

fn strip_record(members: &mut Map<String, Value>, object: ObjectKind, policy: &RolePolicy) {
    for field in policy
        .fields
        .get(&object)
        .into_iter()
        .flat_map(|it| it.keys())
    {
        if !policy.hides(object, field) {
            continue;
        }
        match field.strip_prefix(CUSTOM_PREFIX) {
            Some(key) => {
                let custom = members.get_mut("custom").and_then(Value::as_object_mut);
                if let Some(custom) = custom {
                    custom.remove(key);
                }
            }
            None => {
                members.remove(field);
            }
        }
    }
}

/// The members of a schema that an answer may lack, because a role hides what they tell.
pub(crate) fn hideable_members(schema: &str) -> Vec<&'static str> {
    match Told::by(schema) {
        Some(Told::Record(object)) => {
            let fields = ruled_fields(object).iter();
            let hideable = fields.filter(|field| field.may_be_hidden);
            hideable.map(|field| field.name).collect()
        }
        Some(Told::Retold(schema)) => {
            let retold = RETOLD.iter().filter(|retold| retold.schema == schema);
            let members = retold.flat_map(|retold| retold.members);
            members.map(|(member, _)| *member).collect()
        }
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::FieldRule;
    use serde_json::json;

    use super::*;

    fn hiding(object: ObjectKind, fields: &[&str]) -> RolePolicy {
        let rules = fields
            .iter()
            .map(|field| ((*field).to_owned(), FieldRule::Hidden));
        RolePolicy {
            fields: [(object, rules.collect())].into(),
            ..RolePolicy::default()
        }
    }

    #[test]
    fn what_is_hidden_is_absent_and_what_is_read_only_is_there() {
        let mut policy = hiding(ObjectKind::Contact, &["phone", "custom.pin"]);
        let rules = policy.fields.get_mut(&ObjectKind::Contact).unwrap();
        rules.insert("email".to_owned(), FieldRule::ReadOnly);
        let mut contact = json!({
            "id": 1, "email": "a@b.example", "phone": null, "custom": { "pin": 1, "level": 2 },
        });

        strip(&mut contact, ObjectKind::Contact, &policy);

        let left = json!({ "id": 1, "email": "a@b.example", "custom": { "level": 2 } });
        assert_eq!(contact, left);
    }

    #[test]
    fn what_is_made_of_a_field_goes_with_it() {
        let policy = hiding(ObjectKind::Contact, &["phone"]);
        let mut identity = json!({ "id": 1, "email": null, "phone": null, "profile_key": "" });

        let told = Told::by("Identity").unwrap();
        told.strip(identity.as_object_mut().unwrap(), &policy);

        assert_eq!(identity, json!({ "id": 1, "email": null }));
        assert_eq!(Told::by("Order"), None);
    }

    #[test]
    fn every_field_that_may_be_hidden_is_a_member_of_its_record() {
        let document = serde_json::to_value(crate::openapi_document()).unwrap();
        for (schema, _) in RECORDS {
            let properties = &document["components"]["schemas"][schema]["properties"];
            for member in hideable_members(schema) {
                assert!(properties[member].is_object(), "{schema} has no {member}");
            }
        }
        for retold in RETOLD {
            let properties = &document["components"]["schemas"][retold.schema]["properties"];
            for (member, _) in retold.members {
                assert!(
                    properties[*member].is_object(),
                    "{} {member}",
                    retold.schema
                );
            }
        }
    }
}
