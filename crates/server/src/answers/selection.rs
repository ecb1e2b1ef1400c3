//! `fields`: lists and records with the named fields alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::http::StatusCode;
use rapport_domain::{CUSTOM_PREFIX, ObjectKind};
use rapport_store::custom_fields;
use serde_json::Value;
use utoipa::openapi::OpenApi;

use super::shape::{Shape, name_of};
use crate::error::{ApiError, ApiResult};
use crate::state::Desk;

/// Where fields can be chosen, by the address as the document has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selectable(Arc<BTreeMap<String, Choice>>);

/// The fields of the rows of a list, or of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// The member that holds the rows, where it is a list.
    rows: Option<String>,
    names: BTreeSet<String>,
    /// What the record or the rows are, where they have custom fields.
    object: Option<ObjectKind>,
}

/// The fields that a request wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection {
    choice: Choice,
    names: BTreeSet<String>,
    /// Keys of custom fields.
    keys: BTreeSet<String>,
}

impl Selectable {
    /// Reads a document: lists of rows, and records by their id.
    pub(crate) fn of(document: &OpenApi) -> Self {
        Self::of_json(&serde_json::to_value(document).expect("a document is JSON"))
    }

    pub(super) fn of_json(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten();
        let choices = paths.filter_map(|(path, item)| {
            let schema = schema_of(&item["get"], "200")?;
            Some((path.clone(), Choice::at(document, path, schema)?))
        });
        Self(Arc::new(choices.collect()))
    }

    /// The addresses where fields can be chosen, and whether each is that of a record.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&str, bool)> {
        let choices = self.0.iter();
        choices.map(|(path, choice)| (path.as_str(), choice.rows.is_none()))
    }

    /// Whether an address is that of a record.
    pub(super) fn is_record(&self, path: &str) -> bool {
        self.at(path).is_some_and(|choice| choice.rows.is_none())
    }

    pub(super) fn at(&self, path: &str) -> Option<&Choice> {
        self.0.get(path)
    }
}

/// The schema of an operation's answer.
pub(super) fn schema_of<'d>(operation: &'d Value, status: &str) -> Option<&'d Value> {
    let response = operation["responses"].get(status)?;
    response["content"]["application/json"].get("schema")
}

impl Choice {
    fn at(document: &Value, path: &str, schema: &Value) -> Option<Self> {
        let is_list = name_of(schema).is_some_and(|name| name.ends_with("List"));
        let answer = properties(document, schema);
        let mut arrays = answer
            .iter()
            .filter(|(_, member)| member["type"] == "array");
        let (rows, schema) = match arrays.next() {
            Some((rows, member)) if is_list => (Some((*rows).to_owned()), &member["items"]),
            _ if path.ends_with("/{id}") => (None, schema),
            _ => return None,
        };
        let names = properties(document, schema).into_keys();
        let names: BTreeSet<String> = names.map(str::to_owned).collect();
        let told = Shape::of(document, schema).told();
        (!names.is_empty()).then(|| Self {
            rows,
            names,
            object: told.and_then(|told| told.record()),
        })
    }

    /// The fields of which a request names some.
    pub(super) fn select(&self, text: &str) -> ApiResult<Selection> {
        let (mut names, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for name in text.split(',').map(str::trim) {
            match name.strip_prefix(CUSTOM_PREFIX) {
                Some(key) if self.object.is_some() => keys.insert(key.to_owned()),
                _ if self.names.contains(name) => names.insert(name.to_owned()),
                _ => return Err(self.unknown(name)),
            };
        }
        Ok(Selection {
            choice: self.clone(),
            names,
            keys,
        })
    }

    fn unknown(&self, name: &str) -> ApiError {
        let names = Vec::from_iter(self.names.iter().map(String::as_str)).join(", ");
        let message = format!("there is no field {name:?}; name some of {names}");
        ApiError::bad_request("?fields", "unknown_field", message)
    }
}

impl Selection {
    /// Refuses fields that the caller does not see, and custom fields that there are not.
    pub(super) async fn check(&self, app: &Desk) -> ApiResult<()> {
        let Some(object) = self.choice.object else {
            return Ok(());
        };
        let policy = &app.access().policy;
        let custom = self.keys.iter().map(|key| format!("{CUSTOM_PREFIX}{key}"));
        let mut named = self.names.iter().cloned().chain(custom);
        if let Some(hidden) = named.find(|name| policy.hides(object, name)) {
            let message = format!("your role does not let you see {hidden}; leave it out");
            return Err(ApiError::at(
                StatusCode::FORBIDDEN,
                "?fields",
                "field_hidden",
                message,
            ));
        }
        if self.keys.is_empty() {
            return Ok(());
        }
        let fields = custom_fields::list_active(app.store(), object).await?;
        let is_unknown = |key: &&String| !fields.iter().any(|field| field.key == **key);
        match self.keys.iter().find(is_unknown) {
            Some(key) => Err(self.choice.unknown(&format!("{CUSTOM_PREFIX}{key}"))),
            None => Ok(()),
        }
    }

    /// Keeps the chosen fields of an answer alone.
    pub(super) fn keep(&self, answer: &mut Value) {
        match &self.choice.rows {
            None => self.keep_of(answer),
            Some(rows) => {
                let rows = answer[rows.as_str()].as_array_mut();
                rows.into_iter().flatten().for_each(|row| self.keep_of(row));
            }
        }
    }

    fn keep_of(&self, record: &mut Value) {
        let Value::Object(members) = record else {
            return;
        };
        let is_part_of_custom = !self.keys.is_empty() && !self.names.contains("custom");
        if is_part_of_custom && let Some(custom) = members.get_mut("custom") {
            let custom = custom.as_object_mut().into_iter();
            custom.for_each(|custom| custom.retain(|key, _| self.keys.contains(key)));
        }
        members
            .retain(|name, _| self.names.contains(name) || (name == "custom" && is_part_of_custom));
    }
}

/// The properties of an object's schema, through references and parts that must all hold.
fn properties<'d>(document: &'d Value, schema: &'d Value) -> BTreeMap<&'d str, &'d Value> {
    if let Some(name) = name_of(schema) {
        return properties(document, &document["components"]["schemas"][name]);
    }
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let mut found: BTreeMap<_, _> = parts.flat_map(|part| properties(document, part)).collect();
    let own = schema["properties"].as_object().into_iter().flatten();
    found.extend(own.map(|(name, property)| (name.as_str(), property)));
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::answers::hideable_members;

    fn choice() -> Choice {
        Choice {
            rows: None,
            names: ["id", "name", "custom"].map(str::to_owned).into(),
            object: Some(ObjectKind::Contact),
        }
    }

    fn kept(fields: &str) -> Value {
        let mut record = json!({ "id": 1, "name": "Ann", "custom": { "a": 1, "b": 2 } });
        choice().select(fields).unwrap().keep(&mut record);
        record
    }

    #[test]
    fn custom_fields_are_chosen_one_by_one_or_together() {
        assert_eq!(kept("id"), json!({ "id": 1 }));
        assert_eq!(
            kept("custom.b, name"),
            json!({ "name": "Ann", "custom": { "b": 2 } })
        );
        assert_eq!(kept("custom"), json!({ "custom": { "a": 1, "b": 2 } }));
        assert_eq!(kept("custom,custom.b"), kept("custom"));
        assert_eq!(choice().select("nome").unwrap_err().code, "unknown_field");
    }

    #[test]
    fn fields_that_may_be_hidden_can_be_chosen() {
        let selectable = Selectable::of(&crate::openapi_document());
        let contacts = selectable.at("/api/v1/contacts").unwrap();

        assert_eq!(contacts.rows.as_deref(), Some("contacts"));
        for member in hideable_members("Contact") {
            assert!(contacts.names.contains(member), "{member}");
        }
        assert!(selectable.at("/api/v1/home").is_none());
        let show = selectable.at("/api/v1/deals/{id}").unwrap();
        assert_eq!(
            (show.rows.as_ref(), show.object),
            (None, Some(ObjectKind::Deal))
        );
    }
}
