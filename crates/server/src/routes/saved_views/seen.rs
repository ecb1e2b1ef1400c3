//! Which views somebody sees: one that narrows or sorts a list by a field that the viewer's role hides is as
//! if it were not there, for what it asks for may tell what stands in the field.

use axum::extract::Query;
use axum::http::Uri;
use rapport_domain::{FieldRule, ListKind, ObjectKind, RolePolicy, SavedView, field_of_list};

/// Whether a view names no field that a role hides.
pub(super) fn names_no_hidden(view: &SavedView, policy: &RolePolicy) -> bool {
    let Some(rules) = object_of(view.list).and_then(|object| policy.fields.get(&object)) else {
        return true;
    };
    let hidden = rules.iter().filter(|(_, rule)| **rule == FieldRule::Hidden);
    let hidden: Vec<&str> = hidden.map(|(field, _)| field.as_str()).collect();
    if hidden.is_empty() {
        return true;
    }
    let uri = format!("/?{}", view.query).parse::<Uri>().ok();
    let pairs = uri.and_then(|uri| Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    // What cannot be read is not shown to whom it might tell too much.
    let Some(Query(pairs)) = pairs else {
        return false;
    };
    let mut named = pairs.iter().flat_map(|(name, value)| named_in(name, value));
    !named.any(|field| hidden.contains(&field_of_list(field)))
}

/// The fields that a parameter of a list's address names, and maybe more words than these.
fn named_in<'v>(parameter: &str, value: &'v str) -> Vec<&'v str> {
    match parameter {
        "sort" => value
            .split(',')
            .map(|key| key.trim_start_matches('-'))
            .collect(),
        "filter" => value.split(':').take(1).collect(),
        // Texts and objects of JSON: every word in quotes, up to the colon of a condition.
        "any" | "where" => {
            let quoted = value.split('"').skip(1);
            quoted
                .filter_map(|word| word.split([':', '\\']).next())
                .collect()
        }
        _ => Vec::new(),
    }
}

const fn object_of(list: ListKind) -> Option<ObjectKind> {
    match list {
        ListKind::Contacts => Some(ObjectKind::Contact),
        ListKind::Companies => Some(ObjectKind::Company),
        ListKind::Deals => Some(ObjectKind::Deal),
        ListKind::Tickets => Some(ObjectKind::Ticket),
        ListKind::Tasks => Some(ObjectKind::Task),
        ListKind::Products | ListKind::Orders | ListKind::Imports | ListKind::Runs => None,
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn is_seen(list: ListKind, query: &str) -> bool {
        let rules = ["phone", "address", "custom.pin"];
        let rules = rules.map(|field| (field.to_owned(), FieldRule::Hidden));
        let policy = RolePolicy {
            fields: [(ObjectKind::Contact, rules.into())].into(),
            ..RolePolicy::default()
        };
        let view = SavedView {
            id: Uuid::nil().into(),
            list,
            name: "View".to_owned(),
            query: query.to_owned(),
            owner_id: Uuid::nil().into(),
            is_shared: true,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
            version: 1,
        };
        names_no_hidden(&view, &policy)
    }

    #[test]
    fn a_view_that_names_a_hidden_field_is_not_seen() {
        for query in [
            "filter=email%3Aeq%3Aa&filter=phone%3Aeq%3A%2B49",
            "sort=-phone",
            "sort=name,city",
            "filter=custom.pin:eq:1",
            "any=%5B%22name%3Aeq%3AAnn%22%2C%22country%3Aeq%3ADE%22%5D",
            "where=%7B%22field%22%3A%22phone%22%7D",
            "q=two words",
        ] {
            assert!(!is_seen(ListKind::Contacts, query), "{query}");
            assert!(is_seen(ListKind::Deals, query), "{query}");
        }
        for query in [
            "",
            "filter=name:eq:phone",
            "sort=name&cols=phone,email",
            "q=phone",
        ] {
            assert!(is_seen(ListKind::Contacts, query), "{query}");
        }
    }
}
