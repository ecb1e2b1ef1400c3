//! Customers who were made one since their events were written: readers see the person.
//!
//! Files keep the customer that an event was told of, so that a merge writes none anew and its undoing gives
//! each event back.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::datatypes::DataType;
use datafusion::dataframe::DataFrame;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::prelude::col;
use rapport_domain::ContactId;

use crate::LakeError;

/// Customers that are part of others, and these.
#[derive(Debug, Clone, Default)]
pub(crate) struct Persons(BTreeMap<ContactId, ContactId>);

impl Persons {
    pub(crate) const fn new(persons: BTreeMap<ContactId, ContactId>) -> Self {
        Self(persons)
    }

    /// A customer and all who are part of it.
    pub(crate) fn members(&self, customer: ContactId) -> Vec<ContactId> {
        let parts = self.0.iter().filter(|(_, person)| **person == customer);
        parts.map(|(part, _)| *part).chain([customer]).collect()
    }

    /// Events with the persons of their customers. Where nobody was made one with another, they stay as they
    /// are, sorted files included.
    pub(crate) fn of_events(&self, events: DataFrame) -> Result<DataFrame, LakeError> {
        if self.0.is_empty() {
            return Ok(events);
        }
        let persons = self.0.iter();
        let persons: BTreeMap<String, String> = persons
            .map(|(part, person)| (part.to_string(), person.to_string()))
            .collect();
        let look_up = move |arguments: &[ColumnarValue]| {
            let columns = ColumnarValue::values_to_arrays(arguments)?;
            let customers = columns[0].as_string::<i32>().iter();
            let found = customers.map(|customer| {
                let customer = customer?;
                Some(persons.get(customer).map_or(customer, String::as_str))
            });
            let found: StringArray = found.collect();
            Ok(ColumnarValue::Array(Arc::new(found) as ArrayRef))
        };
        let function = create_udf(
            "person_of",
            vec![DataType::Utf8],
            DataType::Utf8,
            Volatility::Immutable,
            Arc::new(look_up),
        );
        let person = function.call(vec![col("customer_id")]);
        Ok(events.with_column("customer_id", person)?)
    }
}
