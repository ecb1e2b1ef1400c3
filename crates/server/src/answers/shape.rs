//! Where in an answer something stands that may be hidden, read from the schema of the answer.

use std::collections::BTreeMap;

use rapport_domain::RolePolicy;
use serde_json::Value;

use super::told::Told;

/// The places of an answer where something may have to be taken out; the rest is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shape {
    told: Option<Told>,
    members: BTreeMap<String, Shape>,
    items: Option<Box<Shape>>,
}

impl Shape {
    /// The shape of what a schema of the document describes.
    pub(super) fn of(document: &Value, schema: &Value) -> Self {
        Self::within(document, schema, &mut Vec::new())
    }

    /// `above` are the schemas that this one stands in: one that holds itself is not followed again.
    fn within<'d>(document: &'d Value, schema: &'d Value, above: &mut Vec<&'d str>) -> Self {
        let mut shape = Self::default();
        if let Some(name) = name_of(schema) {
            if above.contains(&name) {
                return shape;
            }
            above.push(name);
            shape = Self::within(document, &document["components"]["schemas"][name], above);
            above.pop();
            shape.told = shape.told.or_else(|| Told::by(name));
            return shape;
        }
        for several in ["allOf", "oneOf", "anyOf"] {
            for part in schema[several].as_array().into_iter().flatten() {
                shape.merge(Self::within(document, part, above));
            }
        }
        for (member, property) in schema["properties"].as_object().into_iter().flatten() {
            let inner = Self::within(document, property, above);
            if !inner.is_plain() {
                shape.members.insert(member.clone(), inner);
            }
        }
        if schema["items"].is_object() {
            let inner = Self::within(document, &schema["items"], above);
            shape.items = (!inner.is_plain()).then(|| Box::new(inner));
        }
        shape
    }

    fn merge(&mut self, other: Self) {
        self.told = self.told.or(other.told);
        self.members.extend(other.members);
        self.items = self.items.take().or(other.items);
    }

    /// Whether nothing in it may be hidden.
    pub(super) fn is_plain(&self) -> bool {
        self.told.is_none() && self.members.is_empty() && self.items.is_none()
    }

    /// What it is of at its top.
    pub(super) const fn told(&self) -> Option<Told> {
        self.told
    }

    /// Takes what a role hides out of an answer.
    pub(super) fn strip(&self, answer: &mut Value, policy: &RolePolicy) {
        match answer {
            Value::Array(values) => {
                if let Some(items) = &self.items {
                    values
                        .iter_mut()
                        .for_each(|value| items.strip(value, policy));
                }
            }
            Value::Object(values) => {
                if let Some(told) = self.told {
                    told.strip(values, policy);
                }
                for (member, shape) in &self.members {
                    if let Some(value) = values.get_mut(member) {
                        shape.strip(value, policy);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The name of the schema that another one refers to.
pub(super) fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}
