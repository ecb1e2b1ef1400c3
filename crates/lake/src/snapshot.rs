//! Reading: a consistent view over files and fresh events, one customer's history, all in order.

use std::collections::BTreeMap;
use std::fmt;

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::dataframe::DataFrame;
use datafusion::logical_expr::Expr;
use datafusion::prelude::{SessionContext, cast, col, lit};
use rapport_domain::{ContactId, Event, EventId, EventKind, Timestamp};

use crate::persons::Persons;
use crate::reader::{MERGE_FAN_IN, sort_order, view_of};
use crate::{BatchStream, Lake, LakeError, Segment, SqlValue, batch};

/// A consistent reader over a list of files and the events that are not flushed yet.
///
/// Invariant: an event is in one file or in the inbox, never in two places. It holds by
/// construction: the caller takes both lists from one transaction of its catalogue, the inbox is
/// unique on `(source, message_id)`, and a flush adds the file's row and deletes the inbox rows in
/// one transaction. The reader therefore removes no duplicates.
pub struct Snapshot {
    pub(crate) lake: Lake,
    pub(crate) segments: Vec<Segment>,
    inbox: Vec<Event>,
    persons: Persons,
    pub(crate) context: SessionContext,
}

/// A place in a history: its events are ordered by time, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// When it happened.
    pub at: Timestamp,
    /// The event.
    pub id: EventId,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("segments", &self.segments.len())
            .field("inbox", &self.inbox.len())
            .finish()
    }
}

impl Snapshot {
    pub(crate) fn open(
        lake: &Lake,
        segments: Vec<Segment>,
        inbox: Vec<Event>,
        persons: Persons,
    ) -> Result<Self, LakeError> {
        let context = lake.session(lake.options.n_partitions);
        // Engines disagree on date functions; whole microseconds are the same everywhere.
        let events = view_of(lake, &context, &segments, &inbox)?;
        let events = persons
            .of_events(events)?
            .with_column("occurred_us", cast(col("occurred_at"), DataType::Int64))?;
        context.register_table("events", events.into_view())?;
        Ok(Self {
            lake: lake.clone(),
            segments,
            inbox,
            persons,
            context,
        })
    }

    /// The same, of customers some of whom were made one since: events of those that are part of another one
    /// are that one's. `persons` names for each of them the person, who is part of nobody.
    ///
    /// # Errors
    /// [`LakeError::Query`] where a file is missing or damaged; the message names it.
    pub fn following(self, persons: BTreeMap<ContactId, ContactId>) -> Result<Self, LakeError> {
        if persons.is_empty() {
            return Ok(self);
        }
        let persons = Persons::new(persons);
        Self::open(&self.lake, self.segments, self.inbox, persons)
    }

    /// Number of events in all.
    pub fn n_events(&self) -> u64 {
        let in_files: u64 = self.segments.iter().map(|segment| segment.rows).sum();
        in_files + self.inbox.len() as u64
    }

    /// The files and their sizes, which tell one snapshot from another.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// One customer's events, newest first and of one instant by falling id, from before a place, at
    /// most `limit`; those of the kinds `except` are left out.
    ///
    /// Only the files whose bucket can hold the customer are opened, and of them only the pages read
    /// that do.
    ///
    /// # Errors
    /// [`LakeError::Damaged`] where one of these files is missing or damaged.
    pub async fn history(
        &self,
        customer: ContactId,
        before: Option<Place>,
        except: &[EventKind],
        limit: usize,
    ) -> Result<Vec<Event>, LakeError> {
        let members = self.persons.members(customer);
        let may_hold = |segment: &&Segment| {
            let mut members = members.iter();
            members.any(|member| segment.may_hold(*member))
        };
        let segments: Vec<Segment> = self
            .segments
            .iter()
            .filter(may_hold)
            .filter(|segment| before.is_none_or(|place| segment.min_at <= place.at))
            .cloned()
            .collect();
        let frame = self.history_of(customer, before, except, limit, &segments)?;
        let batches = self.lake.collect(&segments, frame).await?;
        let mut events = Vec::new();
        for batch in &batches {
            events.extend(batch::to_events(batch)?);
        }
        for event in &mut events {
            event.customer_id = Some(customer);
        }
        Ok(events)
    }

    fn history_of(
        &self,
        customer: ContactId,
        before: Option<Place>,
        except: &[EventKind],
        limit: usize,
        segments: &[Segment],
    ) -> Result<DataFrame, LakeError> {
        let members = self.persons.members(customer);
        let is_theirs = |event: &&Event| event.customer_id.is_some_and(|id| members.contains(&id));
        let inbox: Vec<Event> = self.inbox.iter().filter(is_theirs).cloned().collect();
        let mut is_wanted = match &members[..] {
            [customer] => col("customer_id").eq(lit(customer.to_string())),
            members => {
                let members = members.iter().map(|id| lit(id.to_string())).collect();
                col("customer_id").in_list(members, false)
            }
        };
        if let Some(place) = before {
            is_wanted = is_wanted.and(comes_before(place));
        }
        if !except.is_empty() {
            let kinds = except.iter().map(|kind| lit(kind.as_str())).collect();
            is_wanted = is_wanted.and(col("kind").in_list(kinds, true));
        }
        let newest_first = ["occurred_at", "event_id"].map(|name| col(name).sort(false, false));
        let context = self.lake.session(1);
        let frame = view_of(&self.lake, &context, segments, &inbox)?
            .filter(is_wanted)?
            .sort(newest_first.to_vec())?
            .limit(0, Some(limit))?;
        Ok(frame)
    }

    /// All events that happened before an instant, by customer, time and id; the anonymous last.
    ///
    /// A few files are merged as they are; many are sorted within the lake's memory, spilling.
    ///
    /// # Errors
    /// [`LakeError::Damaged`] where a file is missing or damaged.
    pub async fn ordered(&self, before: Timestamp) -> Result<BatchStream, LakeError> {
        let segments: Vec<Segment> = self
            .segments
            .iter()
            .filter(|segment| segment.min_at < before)
            .cloned()
            .collect();
        let frame = self.ordered_of(before, &segments)?;
        self.lake.stream(&segments, frame).await
    }

    fn ordered_of(&self, before: Timestamp, segments: &[Segment]) -> Result<DataFrame, LakeError> {
        let context = if segments.len() <= MERGE_FAN_IN {
            self.lake.merge_session(segments.len())
        } else {
            self.lake.session(self.lake.options.n_partitions)
        };
        let frame =
            view_of(&self.lake, &context, segments, &self.inbox)?.filter(is_before(before))?;
        Ok(self.persons.of_events(frame)?.sort(sort_order())?)
    }
}

fn is_before(instant: Timestamp) -> Expr {
    col("occurred_at").lt(instant_value(instant))
}

/// Ids are compared as texts, which are ordered as the ids are.
fn comes_before(place: Place) -> Expr {
    let is_now = col("occurred_at").eq(instant_value(place.at));
    is_before(place.at).or(is_now.and(col("event_id").lt(lit(place.id.to_string()))))
}

fn instant_value(instant: Timestamp) -> Expr {
    lit(ScalarValue::from(SqlValue::Timestamp(instant)))
}

#[cfg(test)]
mod tests;
