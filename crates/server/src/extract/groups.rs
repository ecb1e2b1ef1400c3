//! Conditions in groups, from the JSON of the parameter `where`.

use rapport_store::{Condition, Filter, ListQuery, QueryError};
use serde_json::{Map, Value};

use crate::error::{ApiError, ApiResult};

/// Reads `{"or": [{"field": "city", "op": "eq", "value": "Paris"}, {"not": {…}}]}`.
pub(super) fn read(text: &str) -> ApiResult<Filter> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let message = format!("where is a JSON object; this is none ({error})");
        ApiError::bad_request("?where", "bad_filter", message)
    })?;
    read_group(&value, "?where", ListQuery::DEPTH_MAX)
}

/// Reads a group that stands at a pointer. Depth is checked on the way down, for the JSON of a
/// stranger may go deeper than the stack.
fn read_group(value: &Value, pointer: &str, depth_left: usize) -> ApiResult<Filter> {
    let bad = |message: &str| Err(ApiError::bad_request(pointer, "bad_filter", message));
    let Some(object) = value.as_object() else {
        return bad("a filter is an object with and, or, not, or with field, op and value");
    };
    if object.contains_key("field") {
        return read_condition(object, pointer).map(Filter::Is);
    }
    let mut members = object.iter();
    let (Some((word, inner)), None) = (members.next(), members.next()) else {
        return bad("a group has one member: and, or, or not");
    };
    let pointer = format!("{pointer}/{word}");
    let Some(depth_left) = depth_left.checked_sub(1) else {
        let message = format!(
            "groups of filters stand in one another at most {} deep",
            ListQuery::DEPTH_MAX
        );
        return Err(ApiError::bad_request(pointer, "too_deep", message));
    };
    match word.as_str() {
        "and" => Ok(Filter::And(read_parts(inner, &pointer, depth_left)?)),
        "or" => Ok(Filter::Or(read_parts(inner, &pointer, depth_left)?)),
        "not" => Ok(Filter::Not(Box::new(read_group(
            inner, &pointer, depth_left,
        )?))),
        _ => {
            let message = "a group is and, or, or not";
            Err(ApiError::bad_request(pointer, "bad_filter", message))
        }
    }
}

fn read_parts(value: &Value, pointer: &str, depth_left: usize) -> ApiResult<Vec<Filter>> {
    let Some(parts) = value.as_array() else {
        let message = "and and or take a list of filters";
        return Err(ApiError::bad_request(pointer, "bad_filter", message));
    };
    let parts = parts.iter().enumerate();
    parts
        .map(|(idx, part)| read_group(part, &format!("{pointer}/{idx}"), depth_left))
        .collect()
}

fn read_condition(object: &Map<String, Value>, pointer: &str) -> ApiResult<Condition> {
    if let Some(name) = object
        .keys()
        .find(|name| !["field", "op", "value"].contains(&name.as_str()))
    {
        let message = "a condition has field, op and value";
        return Err(ApiError::bad_request(
            format!("{pointer}/{name}"),
            "unknown_field",
            message,
        ));
    }
    let text = |name: &str| {
        object.get(name).and_then(Value::as_str).ok_or_else(|| {
            let message = format!("{name} is a text");
            ApiError::bad_request(format!("{pointer}/{name}"), "bad_filter", message)
        })
    };
    let op = text("op")?.parse().map_err(|error: QueryError| {
        ApiError::from(error).at_parameter(&format!("{}/op", &pointer[1..]))
    })?;
    let value = match object.get("value") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(plain @ (Value::Number(_) | Value::Bool(_))) => plain.to_string(),
        Some(_) => {
            let message = "a value is a text, a number, or true or false; a list of values is a \
                           text with commas";
            return Err(ApiError::bad_request(
                format!("{pointer}/value"),
                "bad_value",
                message,
            ));
        }
    };
    Ok(Condition {
        field: text("field")?.to_owned(),
        op,
        value,
    })
}

#[cfg(test)]
mod tests {
    use rapport_store::Op;
    use serde_json::json;

    use super::*;

    fn check_refused(value: &Value, pointer: &str, code: &str) {
        let error = read(&value.to_string()).unwrap_err();

        assert_eq!(error.status, 400);
        assert_eq!(
            (
                error.errors[0].pointer.as_str(),
                error.errors[0].code.as_str()
            ),
            (pointer, code)
        );
    }

    #[test]
    fn groups_stand_in_groups() {
        let paris = json!({"field": "city", "op": "eq", "value": "Paris"});
        let many = json!({"field": "n_orders", "op": "gte", "value": 3});
        let none = json!({"field": "email", "op": "is_null"});
        let text = json!({"or": [paris, {"and": [many, {"not": none}]}]}).to_string();

        let filter = read(&text).unwrap();

        let expected = Filter::Or(vec![
            Filter::is("city", Op::Eq, "Paris"),
            Filter::And(vec![
                Filter::is("n_orders", Op::Gte, "3"),
                Filter::Not(Box::new(Filter::is("email", Op::IsNull, ""))),
            ]),
        ]);
        assert_eq!(filter, expected);
    }

    #[test]
    fn what_is_no_group_is_named_by_its_place() {
        let good = json!({"field": "city", "op": "eq", "value": "Paris"});
        let cases = [
            (json!([good]), "?where", "bad_filter"),
            (json!({}), "?where", "bad_filter"),
            (json!({"and": [good], "or": [good]}), "?where", "bad_filter"),
            (json!({"xor": [good]}), "?where/xor", "bad_filter"),
            (json!({"or": good}), "?where/or", "bad_filter"),
            (json!({"or": [good, 7]}), "?where/or/1", "bad_filter"),
            (
                json!({"or": [{"field": "city", "op": "like", "value": "x"}]}),
                "?where/or/0/op",
                "unknown_op",
            ),
            (
                json!({"not": {"field": 1, "op": "eq"}}),
                "?where/not/field",
                "bad_filter",
            ),
            (
                json!({"field": "city", "op": "in", "value": ["a", "b"]}),
                "?where/value",
                "bad_value",
            ),
            (
                json!({"field": "city", "op": "eq", "values": "x"}),
                "?where/values",
                "unknown_field",
            ),
        ];
        for (value, pointer, code) in cases {
            check_refused(&value, pointer, code);
        }
        let error = read("{\"or\":").unwrap_err();
        assert_eq!(error.errors[0].pointer, "?where");
    }

    #[test]
    fn depth_ends_before_the_stack_does() {
        let nested = |depth: usize| {
            (0..depth).fold(
                json!({"field": "city", "op": "eq", "value": "Paris"}),
                |inner, _| json!({"not": inner}),
            )
        };

        assert!(read(&nested(ListQuery::DEPTH_MAX).to_string()).is_ok());
        let pointer = format!("?where{}", "/not".repeat(ListQuery::DEPTH_MAX + 1));
        check_refused(&nested(ListQuery::DEPTH_MAX + 1), &pointer, "too_deep");
        let endless = "{\"not\":".repeat(100_000);
        assert_eq!(read(&endless).unwrap_err().errors[0].pointer, "?where");
    }
}
