//! The rules that a role has for fields, checked against the fields that there are.

use axum::http::StatusCode;
use rapport_domain::{BrokenRule, RolePolicy};
use rapport_store::custom_fields;

use crate::error::{ApiError, ApiResult, FieldProblem};
use crate::state::Desk;
use crate::wire::ObjectKind;

/// Refuses rules for fields that there are not, and such that would hide what everything needs, each with
/// its pointer.
pub(super) async fn check_fields(app: &Desk, policy: &RolePolicy) -> ApiResult<()> {
    let custom = custom_fields::list(app.store(), None).await?;
    let broken = policy.broken_field_rules(|object, key| {
        let mut custom = custom.iter();
        custom.any(|field| field.object == object && field.key == key)
    });
    let Some(first) = broken.first() else {
        return Ok(());
    };
    let detail = first.message.clone();
    Err(ApiError {
        errors: broken.into_iter().map(problem).collect(),
        ..ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail)
    })
}

fn problem(broken: BrokenRule) -> FieldProblem {
    let object = serde_json::to_value(ObjectKind::from(broken.object));
    let object = object
        .ok()
        .and_then(|name| name.as_str().map(str::to_owned));
    let field = broken.field.replace('~', "~0").replace('/', "~1");
    FieldProblem {
        pointer: format!("/policy/fields/{}/{field}", object.unwrap_or_default()),
        code: broken.code.to_owned(),
        message: broken.message,
    }
}
