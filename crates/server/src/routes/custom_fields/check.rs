//! The rules that custom values of records keep: each of its field's type, and what must be there is.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use rapport_domain::{CustomField, ObjectKind};
use rapport_store::custom_fields;

use crate::error::{ApiError, ApiResult, FieldProblem};
use crate::state::Desk;
use crate::wire::{CustomValue, Patch};

/// What a patch says of custom values, by field key.
type Changes = BTreeMap<String, Patch<CustomValue>>;

/// Puts changes of a record into their standard form, or refuses values of unknown fields, of the
/// wrong type, or missing where one must be. Removing an unknown value is allowed, for its field may
/// have been removed before it.
pub(crate) async fn check_custom(
    app: &Desk,
    object: ObjectKind,
    changes: &mut Changes,
) -> ApiResult<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let fields = custom_fields::list_active(app.store(), object).await?;
    refuse(standardize(&fields, changes))
}

/// As [`check_custom`], for a new record: what it leaves out is filled by the defaults, and what must
/// be there is missed.
pub(crate) async fn check_new_custom(
    app: &Desk,
    object: ObjectKind,
    changes: &mut Changes,
) -> ApiResult<()> {
    let fields = custom_fields::list_active(app.store(), object).await?;
    let mut problems = standardize(&fields, changes);
    for field in fields {
        if changes.contains_key(&field.key) {
            continue;
        }
        match field.default {
            Some(value) => {
                changes.insert(field.key, Patch::Set(value.into()));
            }
            None if field.is_required => problems.push(required(&field.key)),
            None => {}
        }
    }
    refuse(problems)
}

fn standardize(fields: &[CustomField], changes: &mut Changes) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    for (key, change) in changes {
        let field = fields.iter().find(|field| field.key == *key);
        if let Patch::Set(value) = &*change {
            let Some(field) = field else {
                let message = "there is no such custom field; define it first";
                problems.push(problem(key, "unknown_field", message));
                continue;
            };
            match field.read_value(value.clone().into()) {
                Ok(Some(value)) => *change = Patch::Set(value.into()),
                Ok(None) => *change = Patch::Clear,
                Err(expected) => {
                    let message = format!("{key} must be {expected}");
                    problems.push(problem(key, "wrong_type", message));
                    continue;
                }
            }
        }
        let is_cleared = matches!(change, Patch::Clear);
        if is_cleared && field.is_some_and(|field| field.is_required) {
            problems.push(required(key));
        }
    }
    problems
}

fn required(key: &str) -> FieldProblem {
    problem(key, "required", "give a value; this field is required")
}

fn problem(key: &str, code: &str, message: impl Into<String>) -> FieldProblem {
    FieldProblem {
        pointer: format!("/custom/{}", key.replace('~', "~0").replace('/', "~1")),
        code: code.to_owned(),
        message: message.into(),
    }
}

/// All problems at once, under the code of the first.
fn refuse(problems: Vec<FieldProblem>) -> ApiResult<()> {
    let Some(first) = problems.first() else {
        return Ok(());
    };
    let code = match first.code.as_str() {
        "unknown_field" => "unknown_field",
        "wrong_type" => "wrong_type",
        _ => "required",
    };
    let detail = first.message.clone();
    Err(ApiError {
        errors: problems,
        ..ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    })
}
