//! What a caller asks of a list, from the query string.

use std::str::FromStr;

use axum::extract::{FromRequestParts, OriginalUri, Query};
use axum::http::request::Parts;
use rapport_domain::{Invalid, Moment, Timestamp, Zone};
use rapport_store::{Condition, ListQuery, Page, QueryError, Sort};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::groups;
use crate::AppState;
use crate::error::{ApiError, ApiResult};
use crate::respond::{Meta, Paged};

/// The query parameters of lists, for the OpenAPI document.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; `List` reads them, repeats included"
)]
pub(crate) struct ListParams {
    /// Condition `field:op:value`; all conditions must hold. Operations: eq, ne, lt, lte, gt, gte,
    /// between (two values with a comma), contains, starts_with, in (at most 500 values with commas
    /// between them), in_last and in_next and older_than (`36h`, `30d`, `2w`, `6m`, `1y`), during
    /// (yesterday, today, tomorrow; last, this or next with _week, _month, _quarter, _year), is_null,
    /// not_null. An unknown field is answered with the known ones. At most 50 conditions.
    filter: Option<Vec<String>>,
    /// Conditions in groups, as JSON: `{"and": […]}`, `{"or": […]}`, `{"not": …}` around
    /// `{"field", "op", "value"}`, at most four deep. They must hold beside those of `filter`.
    #[serde(rename = "where")]
    #[param(
        example = r#"{"or":[{"field":"city","op":"eq","value":"Paris"},{"field":"last_order_at","op":"in_last","value":"30d"}]}"#
    )]
    groups: Option<String>,
    /// Whose calendar "today" and dates without a time of day are of, by its IANA name; UTC where
    /// none is named.
    #[param(example = "Asia/Shanghai")]
    time_zone: Option<String>,
    /// At most five fields to sort by, with commas between them; a minus sorts from large to small.
    #[param(example = "-last_order_at,name")]
    sort: Option<String>,
    /// Text to find in the record, of at most 200 characters.
    #[param(max_length = 200)]
    search: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows wanted.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<u64>,
    /// Whether to tell roughly how many there are in all.
    #[param(inline)]
    count: Option<Count>,
}

/// Whether rows are counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Count {
    Estimate,
    None,
}

/// A list as asked for.
#[derive(Debug)]
pub(crate) struct List {
    /// What to find, in the store's terms.
    pub(crate) query: ListQuery,
    /// Path of the list, to make the next page's address.
    path: String,
    /// Everything but the cursor, for the same.
    pairs: Vec<(String, String)>,
}

impl FromRequestParts<AppState> for List {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let OriginalUri(uri) = OriginalUri::from_request_parts(parts, state)
            .await
            .unwrap_or_else(|never| match never {});
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri).map_err(|_| {
            ApiError::bad_request("?", "bad_query", "the query string cannot be read")
        })?;
        Self::read(uri.path(), pairs, state.now())
    }
}

impl ApiError {
    /// The same error, blamed on the order of a list.
    pub(crate) fn at_sort(self) -> Self {
        self.at_parameter("sort")
    }
}

impl List {
    fn read(path: &str, mut pairs: Vec<(String, String)>, now: Timestamp) -> ApiResult<Self> {
        let query = read_query(&pairs, now)?;
        pairs.retain(|(name, _)| name != "cursor");
        Ok(Self {
            query,
            path: path.to_owned(),
            pairs,
        })
    }

    /// Refuses what a list that is only read on and on does not have.
    pub(crate) fn check_plain(&self) -> ApiResult<()> {
        let query = &self.query;
        let asked = [
            ("filter", !query.filter.is_empty()),
            ("where", query.groups.is_some()),
            ("sort", !query.sort.is_empty()),
            ("search", query.search.is_some()),
        ];
        match asked.into_iter().find(|(_, is_asked)| *is_asked) {
            None => Ok(()),
            Some((name, _)) => {
                let message = "this list takes cursor and limit only";
                Err(ApiError::bad_request(
                    format!("?{name}"),
                    "unknown_parameter",
                    message,
                ))
            }
        }
    }

    /// The answer with one page: its rows as `body` writes them, and where the list goes on.
    pub(crate) fn answer<T, B>(
        &self,
        page: Page<T>,
        body: impl FnOnce(Vec<T>, Meta) -> B,
    ) -> Paged<B> {
        let next_cursor = page.next.map(|cursor| cursor.to_string());
        let next = next_cursor.as_deref().map(|cursor| self.address(cursor));
        let meta = Meta {
            next_cursor,
            estimate: page.estimate,
        };
        Paged {
            body: body(page.items, meta),
            next,
        }
    }

    /// What was asked for: the parameters with the fields that they name, and none of the values that are
    /// looked for, which may be somebody's address.
    pub(crate) fn asked(&self) -> String {
        let pairs = self.pairs.iter();
        let asked: Vec<String> = pairs
            .map(
                |(name, value)| match (name.as_str(), value.split_once(':')) {
                    ("filter", Some((field, _))) => format!("{name}={field}"),
                    ("sort", _) => format!("{name}={value}"),
                    _ => name.clone(),
                },
            )
            .collect();
        asked.join("&")
    }

    /// Path and query of the page after `cursor`.
    pub(crate) fn address(&self, cursor: &str) -> String {
        let mut address = format!("{}?", self.path);
        for (name, value) in &self.pairs {
            address += &format!("{}={}&", escape(name), escape(value));
        }
        address + "cursor=" + &escape(cursor)
    }
}

/// What a list's parameters ask for.
pub(crate) fn read_query(pairs: &[(String, String)], now: Timestamp) -> ApiResult<ListQuery> {
    let zone = Zone::UTC;
    let mut query = ListQuery {
        moment: Some(Moment { at: now, zone }),
        ..ListQuery::default()
    };
    for (name, value) in pairs {
        read_parameter(&mut query, name, value)?;
    }
    Ok(query)
}

fn read_parameter(query: &mut ListQuery, name: &str, value: &str) -> ApiResult<()> {
    let at = |error: QueryError| ApiError::from(error).at_parameter(name);
    match name {
        "filter" => query.filter.push(Condition::from_str(value).map_err(at)?),
        "where" => {
            query.groups = (!value.trim().is_empty())
                .then(|| groups::read(value))
                .transpose()?;
        }
        "time_zone" => {
            let zone = value.parse().map_err(|invalid: Invalid| {
                let said = invalid.violations.into_iter().map(|v| v.message);
                let said = said.collect::<Vec<_>>().join("; ");
                ApiError::bad_request("?time_zone", "not_a_time_zone", said)
            })?;
            if let Some(moment) = &mut query.moment {
                moment.zone = zone;
            }
        }
        "sort" => query.sort = Sort::parse_list(value),
        "search" => {
            let text = value.trim();
            query.search = (!text.is_empty()).then(|| text.to_owned());
        }
        "cursor" => query.cursor = Some(value.parse().map_err(at)?),
        "limit" => query.limit = limit(value)?,
        "count" => {
            query.estimate = match value {
                "estimate" => true,
                "none" => false,
                _ => {
                    let message = "count is estimate or none";
                    return Err(ApiError::bad_request("?count", "bad_count", message));
                }
            }
        }
        // Read where answers are narrowed; see `answers`.
        "fields" => {}
        _ => {
            let message = "this list takes filter, where, time_zone, sort, search, cursor, limit, count \
                           and fields";
            return Err(ApiError::bad_request(
                format!("?{name}"),
                "unknown_parameter",
                message,
            ));
        }
    }
    Ok(())
}

fn limit(value: &str) -> ApiResult<u64> {
    let number = value
        .parse()
        .ok()
        .filter(|n| (1..=ListQuery::LIMIT_MAX).contains(n));
    number.ok_or_else(|| {
        let message = format!("limit is a whole number from 1 to {}", ListQuery::LIMIT_MAX);
        ApiError::bad_request("?limit", "bad_limit", message)
    })
}

/// Percent-encodes everything but the unreserved characters (RFC 3986, section 2.3).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped += &format!("%{byte:02X}"),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use rapport_store::{Direction, Op};

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> ApiResult<List> {
        let pairs = pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        List::read("/api/v1/contacts", pairs, Timestamp::from_micros(0))
    }

    #[test]
    fn all_parameters_are_read_and_filters_repeat() {
        let list = read(&[
            ("filter", "city:eq:Paris"),
            ("filter", "last_order_at:gte:2011-01-01T00:00:00Z"),
            ("sort", "-total_spent,name"),
            (
                "where",
                r#"{"not":{"field":"city","op":"eq","value":"Rome"}}"#,
            ),
            ("time_zone", "Asia/Shanghai"),
            ("search", " ann "),
            ("limit", "7"),
            ("count", "estimate"),
        ])
        .unwrap();

        let query = list.query;
        assert_eq!(query.filter[0], Condition::new("city", Op::Eq, "Paris"));
        assert_eq!(query.filter[1].value, "2011-01-01T00:00:00Z");
        assert_eq!(query.groups.unwrap().n_conditions(), 1);
        assert_eq!(query.moment.unwrap().zone.to_string(), "Asia/Shanghai");
        assert_eq!(query.sort[0], Sort::new("total_spent", Direction::Desc));
        assert_eq!(query.search.as_deref(), Some("ann"));
        assert_eq!((query.limit, query.estimate), (7, true));
    }

    #[test]
    fn what_cannot_be_read_names_its_parameter() {
        let cases = [
            (("limit", "0"), "?limit"),
            (("limit", "many"), "?limit"),
            (("filter", "city"), "?filter"),
            (("filter", "city:like:x"), "?filter"),
            (("cursor", "zz"), "?cursor"),
            (("count", "exact"), "?count"),
            (("count", ""), "?count"),
            (("offset", "3"), "?offset"),
            (("where", "{}"), "?where"),
            (
                ("where", r#"{"or":[{"field":"a","op":"is"}]}"#),
                "?where/or/0/op",
            ),
        ];
        for (pair, pointer) in cases {
            let error = read(&[pair]).unwrap_err();
            assert_eq!(error.errors[0].pointer, pointer);
            assert_eq!(error.status, 400);
        }
    }

    #[test]
    fn the_next_address_keeps_everything_but_the_cursor() {
        let list = read(&[("filter", "city:eq:São"), ("cursor", "ab")]).unwrap();

        let next = list.address("cd");

        assert_eq!(
            next,
            "/api/v1/contacts?filter=city%3Aeq%3AS%C3%A3o&cursor=cd"
        );
    }
}
