//! Events as columns: the schema of every file, and the way there and back.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Float64Builder, Int64Array, Int64Builder, RecordBatch,
    StringArray, StringBuilder, TimestampMicrosecondArray,
};
use arrow::datatypes::{
    DataType, Field, Float64Type, Int64Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType,
};
use rapport_domain::{Event, ImportId, Timestamp};

use crate::LakeError;

/// The columns of the table `events`.
pub fn event_schema() -> SchemaRef {
    let instant = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("customer_id", DataType::Utf8, true),
        Field::new("occurred_at", instant(), false),
        Field::new("event_id", DataType::Utf8, false),
        Field::new("source", DataType::Utf8, false),
        Field::new("message_id", DataType::Utf8, false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("received_at", instant(), false),
        Field::new("order_id", DataType::Utf8, true),
        Field::new("sku", DataType::Utf8, true),
        Field::new("category", DataType::Utf8, true),
        Field::new("quantity", DataType::Float64, true),
        Field::new("amount_minor", DataType::Int64, true),
        Field::new("currency", DataType::Utf8, true),
        Field::new("properties", DataType::Utf8, true),
        // The import that brought the event in. Last, since files of before lack it and read as null.
        Field::new("import_id", DataType::Utf8, true),
    ]))
}

/// The values of a text column of a result, missing ones left out.
///
/// # Panics
/// Where the result has no such text column: a mistake in the query beside the call.
pub fn texts_of<'a>(batch: &'a RecordBatch, column: &str) -> impl Iterator<Item = &'a str> {
    batch[column].as_string::<i32>().iter().flatten()
}

/// Events as one batch, sorted as files are: by customer (none last), time, id. All of them came by
/// the same import, or by none.
pub(crate) fn from_events(
    events: &[Event],
    import: Option<ImportId>,
) -> Result<RecordBatch, LakeError> {
    let mut sorted: Vec<&Event> = events.iter().collect();
    sorted.sort_by_key(|event| {
        (
            event.customer_id.is_none(),
            event.customer_id,
            event.occurred_at,
            event.id,
        )
    });
    let import = import.map(|id| id.to_string());
    let columns: Vec<ArrayRef> = vec![
        optional_texts(&sorted, |e| e.customer_id.map(|id| id.to_string())),
        instants(&sorted, |e| e.occurred_at),
        optional_texts(&sorted, |e| Some(e.id.to_string())),
        texts(&sorted, |e| Some(&e.source)),
        texts(&sorted, |e| Some(&e.message_id)),
        texts(&sorted, |e| Some(e.kind.as_str())),
        instants(&sorted, |e| e.received_at),
        texts(&sorted, |e| e.order_id.as_deref()),
        texts(&sorted, |e| e.sku.as_deref()),
        texts(&sorted, |e| e.category.as_deref()),
        floats(&sorted),
        integers(&sorted),
        texts(&sorted, |e| {
            e.currency.as_ref().map(|currency| currency.code())
        }),
        texts(&sorted, |e| e.properties.as_deref()),
        texts(&sorted, |_| import.as_deref()),
    ];
    Ok(RecordBatch::try_new(event_schema(), columns)?)
}

fn texts<'a>(events: &[&'a Event], get: impl Fn(&'a Event) -> Option<&'a str>) -> ArrayRef {
    let mut builder = StringBuilder::with_capacity(events.len(), events.len() * 16);
    for event in events {
        builder.append_option(get(event));
    }
    Arc::new(builder.finish())
}

fn optional_texts(events: &[&Event], get: impl Fn(&Event) -> Option<String>) -> ArrayRef {
    let mut builder = StringBuilder::with_capacity(events.len(), events.len() * 36);
    for event in events {
        builder.append_option(get(event));
    }
    Arc::new(builder.finish())
}

fn instants(events: &[&Event], get: impl Fn(&Event) -> Timestamp) -> ArrayRef {
    let micros = events.iter().map(|event| get(event).as_micros());
    Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC"))
}

fn floats(events: &[&Event]) -> ArrayRef {
    let mut builder = Float64Builder::with_capacity(events.len());
    events
        .iter()
        .for_each(|event| builder.append_option(event.quantity));
    Arc::new(builder.finish())
}

fn integers(events: &[&Event]) -> ArrayRef {
    let mut builder = Int64Builder::with_capacity(events.len());
    events
        .iter()
        .for_each(|event| builder.append_option(event.amount_minor));
    Arc::new(builder.finish())
}

/// The events of a batch with the schema of [`event_schema`].
pub fn to_events(batch: &RecordBatch) -> Result<Vec<Event>, LakeError> {
    let columns = Columns::of(batch);
    (0..batch.num_rows())
        .map(|row| columns.event(row))
        .collect()
}

struct Columns<'a> {
    texts: [&'a StringArray; 9],
    occurred_at: &'a TimestampMicrosecondArray,
    received_at: &'a TimestampMicrosecondArray,
    quantity: &'a Float64Array,
    amount_minor: &'a Int64Array,
    properties: &'a StringArray,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Self {
        let text = |name: &str| batch[name].as_string::<i32>();
        let names = [
            "customer_id",
            "event_id",
            "source",
            "message_id",
            "kind",
            "order_id",
            "sku",
            "category",
            "currency",
        ];
        Self {
            texts: names.map(text),
            occurred_at: batch["occurred_at"].as_primitive::<TimestampMicrosecondType>(),
            received_at: batch["received_at"].as_primitive::<TimestampMicrosecondType>(),
            quantity: batch["quantity"].as_primitive::<Float64Type>(),
            amount_minor: batch["amount_minor"].as_primitive::<Int64Type>(),
            properties: text("properties"),
        }
    }

    fn event(&self, row: usize) -> Result<Event, LakeError> {
        let [
            customer_id,
            event_id,
            source,
            message_id,
            kind,
            order_id,
            sku,
            category,
            currency,
        ] = self
            .texts
            .map(|column| column.is_valid(row).then(|| column.value(row)));
        let event_id = event_id.unwrap_or_default();
        let bad = |column: &'static str| LakeError::BadRow {
            event_id: event_id.to_owned(),
            column,
        };
        Ok(Event {
            id: event_id.parse().map_err(|_| bad("event_id"))?,
            source: source.unwrap_or_default().to_owned(),
            message_id: message_id.unwrap_or_default().to_owned(),
            customer_id: parse_optional(customer_id).map_err(|()| bad("customer_id"))?,
            kind: kind.unwrap_or_default().parse().map_err(|_| bad("kind"))?,
            occurred_at: Timestamp::from_micros(self.occurred_at.value(row)),
            received_at: Timestamp::from_micros(self.received_at.value(row)),
            order_id: order_id.map(str::to_owned),
            sku: sku.map(str::to_owned),
            category: category.map(str::to_owned),
            quantity: self
                .quantity
                .is_valid(row)
                .then(|| self.quantity.value(row)),
            amount_minor: self
                .amount_minor
                .is_valid(row)
                .then(|| self.amount_minor.value(row)),
            currency: parse_optional(currency).map_err(|()| bad("currency"))?,
            properties: self
                .properties
                .is_valid(row)
                .then(|| self.properties.value(row).to_owned()),
        })
    }
}

fn parse_optional<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, ()> {
    text.map(str::parse).transpose().map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use rapport_domain::{ContactId, EventKind};
    use rapport_testing::{EventBuilder, at};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn events_come_back_as_they_went_in_sorted_by_customer_and_time() {
        let (a, b) = (ContactId(Uuid::from_u128(1)), ContactId(Uuid::from_u128(2)));
        let mut make = EventBuilder::new("shop");
        let anonymous = make.of_kind(EventKind::PageViewed, None, at("2025-01-01T00:00:00Z"));
        let of_b = make.ordered(b, at("2025-01-02T00:00:00Z"), "2", 500);
        let late_a = make.ordered(a, at("2025-01-04T00:00:00Z"), "3", 700);
        let early_a = make.ordered(a, at("2025-01-03T00:00:00Z"), "1", -100);
        let given = [
            anonymous.clone(),
            of_b.clone(),
            late_a.clone(),
            early_a.clone(),
        ];

        let back = to_events(&from_events(&given, None).unwrap()).unwrap();

        assert_eq!(back, [early_a, late_a, of_b, anonymous]);
    }
}
