//! Tying events to customers who have become known: the files that hold such events are written anew.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::datatypes::DataType;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, Volatility, create_udf};
use datafusion::prelude::{coalesce, col, lit};
use rapport_domain::ContactId;
use serde::Deserialize;

use crate::compact::Rewrite;
use crate::{CompactOptions, Lake, LakeError, Segment, Withdrawn};

/// Whom an event names, as its properties keep it.
#[derive(Deserialize)]
struct Actor {
    #[serde(rename = "$user_id")]
    user_id: Option<String>,
    #[serde(rename = "$anonymous_id")]
    anonymous_id: Option<String>,
}

/// Who the people are that events of some sources name.
#[derive(Clone, Default)]
pub struct Links {
    users: HashMap<(String, String), String>,
    anonymous: HashMap<(String, String), String>,
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Links")
            .field("users", &self.users.len())
            .field("anonymous", &self.anonymous.len())
            .finish()
    }
}

impl Links {
    /// Adds a user of a source.
    pub fn add_user(&mut self, source: &str, id: &str, customer: ContactId) {
        let key = (source.to_owned(), id.to_owned());
        self.users.insert(key, customer.to_string());
    }

    /// Adds a browser or device of a source.
    pub fn add_anonymous(&mut self, source: &str, id: &str, customer: ContactId) {
        let key = (source.to_owned(), id.to_owned());
        self.anonymous.insert(key, customer.to_string());
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.anonymous.is_empty()
    }

    /// The customer of an event of a source with these properties.
    fn customer(&self, source: &str, properties: &str) -> Option<&str> {
        let actor: Actor = serde_json::from_str(properties).ok()?;
        let (map, id) = match (actor.user_id, actor.anonymous_id) {
            (Some(user), _) => (&self.users, user),
            (None, anonymous) => (&self.anonymous, anonymous?),
        };
        map.get(&(source.to_owned(), id)).map(String::as_str)
    }

    /// As a function of a query over the columns `source` and `properties`.
    fn into_expr(self) -> Expr {
        let sources: Vec<Expr> = self.sources().into_iter().map(lit).collect();
        let is_ours = col("source").in_list(sources, false);
        let look_up = move |arguments: &[ColumnarValue]| {
            let columns = ColumnarValue::values_to_arrays(arguments)?;
            let [sources, properties] = [0, 1].map(|idx| columns[idx].as_string::<i32>());
            let rows = sources.iter().zip(properties.iter());
            let found = rows.map(|(source, said)| self.customer(source?, said?));
            let found: StringArray = found.collect();
            Ok(ColumnarValue::Array(Arc::new(found) as ArrayRef))
        };
        let texts = vec![DataType::Utf8, DataType::Utf8];
        let volatility = Volatility::Immutable;
        let name = "linked_customer";
        let function: ScalarUDF =
            create_udf(name, texts, DataType::Utf8, volatility, Arc::new(look_up));
        let found = function.call(vec![col("source"), col("properties")]);
        // Properties of other sources are not read.
        datafusion::logical_expr::when(is_ours, found)
            .end()
            .expect("a condition and a value make a case")
    }

    fn sources(&self) -> Vec<String> {
        let keys = self.users.keys().chain(self.anonymous.keys());
        let mut sources: Vec<String> = keys.map(|(source, _)| source.clone()).collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }
}

impl Lake {
    /// Writes the files that hold events of nobody which links tell the customer of anew, with these.
    ///
    /// The inputs stay; the caller swaps the catalogue rows in one transaction. Where no file holds
    /// such an event, nothing is written. Dropping the future gives the work up.
    ///
    /// # Errors
    /// As [`Lake::without_import`].
    pub async fn linked(
        &self,
        segments: &[Segment],
        links: &Links,
        options: &CompactOptions,
    ) -> Result<Withdrawn, LakeError> {
        if links.is_empty() {
            return Ok(Withdrawn::default());
        }
        let customer = links.clone().into_expr();
        let is_linked = col("customer_id")
            .is_null()
            .and(customer.clone().is_not_null());
        let mut old = Vec::new();
        for segment in segments {
            if self.holds(segment, is_linked.clone()).await? {
                old.push(segment.clone());
            }
        }
        let customer = coalesce(vec![col("customer_id"), customer]);
        let new = self
            .merge(&old, options, Rewrite::Customers(&customer))
            .await?;
        Ok(Withdrawn { old, new })
    }
}

#[cfg(test)]
mod tests {
    use rapport_domain::EventKind;
    use rapport_testing::{EventBuilder, at};
    use tempfile::TempDir;
    use uuid::Uuid;

    use super::*;
    use crate::{LakeLocation, LakeOptions, batch};

    #[tokio::test]
    async fn events_of_nobody_become_those_of_whom_they_name_and_all_others_stay() {
        let dir = TempDir::new().unwrap();
        let location = LakeLocation::Directory(dir.path().to_owned());
        let lake = Lake::open(location, LakeOptions::default()).unwrap();
        let (ada, bob) = (ContactId(Uuid::from_u128(1)), ContactId(Uuid::from_u128(2)));
        let mut make = EventBuilder::new("web");
        let mut event = |customer, properties: &str| {
            let when = at("2025-01-01T00:00:00Z");
            let mut event = make.of_kind(EventKind::PageViewed, customer, when);
            event.properties = Some(properties.to_owned());
            event
        };
        let events = [
            event(None, r#"{"$anonymous_id":"x"}"#),
            event(None, r#"{"$user_id":"u1","$anonymous_id":"y"}"#),
            event(None, r#"{"$user_id":"x"}"#),
            event(Some(bob), r#"{"$anonymous_id":"x"}"#),
            event(None, "no JSON"),
        ];
        let mut elsewhere = events[0].clone();
        elsewhere.source = "app".to_owned();
        let all = [&events[..], &[elsewhere]].concat();
        let file = lake.write_segment(&all).await.unwrap();
        let other = lake.write_segment(&events[2..4]).await.unwrap();
        let mut links = Links::default();
        links.add_anonymous("web", "x", ada);
        links.add_user("web", "u1", ada);
        let files = [file.clone(), other];
        let options = CompactOptions::default();

        let done = lake.linked(&files, &links, &options).await.unwrap();
        let again = lake.linked(&done.new, &links, &options).await.unwrap();

        assert_eq!(done.old, [file]);
        assert_eq!(again, Withdrawn::default());
        let snapshot = lake.snapshot(&done.new, &[]).await.unwrap();
        let query = "SELECT customer_id FROM events ORDER BY event_id";
        let found = snapshot.sql(query, &[]).await.unwrap();
        let customers: Vec<_> = found
            .iter()
            .flat_map(|rows| batch::texts_of(rows, "customer_id"))
            .collect();
        assert_eq!(snapshot.n_events(), 6);
        let (ada, bob) = (ada.to_string(), bob.to_string());
        assert_eq!(customers.iter().filter(|it| **it == ada).count(), 2);
        assert_eq!(customers.iter().filter(|it| **it == bob).count(), 1);
        let history = snapshot.history(ContactId(Uuid::from_u128(1)), None, &[], 9);
        assert_eq!(history.await.unwrap().len(), 2);
    }
}
