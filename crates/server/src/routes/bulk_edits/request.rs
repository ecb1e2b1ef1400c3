//! What is asked of many records, as the API takes it.

use rapport_domain::Timestamp;
use rapport_store::ListQuery;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::extract::read_query;

/// Ids that one edit names; more are chosen by a filter.
const IDS_MAX: usize = 10_000;

/// Whether anything is done.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkEditParams {
    /// Whether only to tell what would be done.
    #[serde(default)]
    #[param(required = false)]
    pub(super) dry_run: bool,
}

/// A change of many records: those with these ids, or those that these filters find. Which they are is
/// settled when it is asked for: one that comes to match later is not changed, and one that somebody else
/// changes meanwhile is left as it is.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkEditInput {
    /// The records, by their ids; at most 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ids: Option<Vec<Uuid>>,
    /// Conditions `field:op:value` as the list takes them; none of them means all records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) filter: Option<Vec<String>>,
    /// Conditions in groups, as the list takes them.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    groups: Option<Map<String, Value>>,
    /// Text to find in the records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    search: Option<String>,
    /// Whose calendar "today" is of, by its IANA name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
    /// The fields to set: a merge patch as it changes a single record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    pub(super) set: Option<Map<String, Value>>,
    /// Whether to delete the records; either this or `set`.
    #[serde(default)]
    pub(super) delete: bool,
    /// How many records are meant; nothing is done where it is another number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expect: Option<u64>,
}

/// Which records are meant.
pub(super) enum Choice {
    Ids(Vec<Uuid>),
    Query(Box<ListQuery>),
}

impl BulkEditInput {
    /// Which records are meant: either by ids or by filters.
    pub(super) fn choice(&self, now: Timestamp) -> ApiResult<Choice> {
        let is_filtered = self.filter.is_some() || self.groups.is_some() || self.search.is_some();
        match (&self.ids, is_filtered) {
            (Some(ids), false) if ids.len() <= IDS_MAX => Ok(Choice::Ids(ids.clone())),
            (Some(_), false) => {
                let message = format!("name at most {IDS_MAX} ids, or a filter");
                Err(ApiError::unprocessable("/ids", "too_many", message))
            }
            (None, true) => self.query(now).map(Box::new).map(Choice::Query),
            (Some(_), true) => {
                let message = "name ids or a filter, not both";
                Err(ApiError::unprocessable("/ids", "not_both", message))
            }
            (None, false) => {
                let message = "name ids or a filter; an empty filter means all records";
                Err(ApiError::unprocessable("/filter", "required", message))
            }
        }
    }

    fn query(&self, now: Timestamp) -> ApiResult<ListQuery> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let conditions = self.filter.iter().flatten();
        pairs.extend(conditions.map(|it| ("filter".to_owned(), it.clone())));
        if let Some(groups) = &self.groups {
            let text = Value::Object(groups.clone()).to_string();
            pairs.push(("where".to_owned(), text));
        }
        let texts = [("search", &self.search), ("time_zone", &self.time_zone)];
        for (name, text) in texts {
            pairs.extend(text.iter().map(|text| (name.to_owned(), text.clone())));
        }
        read_query(&pairs, now).map_err(in_body)
    }
}

/// The same error where the list's parameters stand in the body.
pub(super) fn in_body(mut error: ApiError) -> ApiError {
    for problem in &mut error.errors {
        if let Some(parameter) = problem.pointer.strip_prefix('?') {
            problem.pointer = format!("/{parameter}");
        }
    }
    error
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(body: Value) -> (String, String) {
        let request: BulkEditInput = serde_json::from_value(body).unwrap();
        let error = request.choice(Timestamp::from_micros(0)).err().unwrap();
        let problem = &error.errors[0];
        (problem.pointer.clone(), problem.code.clone())
    }

    #[test]
    fn records_are_meant_by_ids_or_by_filters() {
        let said = |body| {
            let (pointer, code) = refused(body);
            format!("{pointer} {code}")
        };
        let id = "0198c0de-0000-7000-8000-000000000001";

        assert_eq!(said(json!({})), "/filter required");
        assert_eq!(said(json!({ "ids": [id], "filter": [] })), "/ids not_both");
        assert_eq!(said(json!({ "filter": ["city"] })), "/filter bad_filter");
        let groups = json!({ "where": { "xor": [] } });
        assert_eq!(said(groups), "/where/xor bad_filter");
        let many = vec![id; IDS_MAX + 1];
        assert_eq!(said(json!({ "ids": many })), "/ids too_many");
    }
}
