//! Sequences: what each customer did, in order, for models that read histories.

use std::collections::HashMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use futures::StreamExt;
use rapport_domain::{ContactId, Timestamp};
use rapport_lake::Snapshot;

use crate::FeatureError;

/// Histories of all customers, packed: customer `i` has positions `offsets[i]..offsets[i + 1]`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sequences {
    /// `(n_customers,)`, ascending.
    pub customer_ids: Vec<ContactId>,
    /// `(n_customers + 1,)`
    pub offsets: Vec<usize>,
    /// `(n_positions,)` instants, ascending within a customer.
    pub occurred_at: Vec<Timestamp>,
    /// `(n_positions,)` indices into `kinds`.
    pub kind_idx: Vec<u32>,
    /// `(n_positions,)` indices into `skus`; none for events without a product.
    pub sku_idx: Vec<Option<u32>>,
    /// `(n_positions,)` units; NaN where the event has none.
    pub quantity: Vec<f64>,
    /// `(n_positions,)` minor units; NaN where the event has none.
    pub amount_minor: Vec<f64>,
    /// Kinds by index, in order of first appearance.
    pub kinds: Vec<String>,
    /// Products by index, in order of first appearance.
    pub skus: Vec<String>,
}

impl Sequences {
    /// Positions of customer `idx`.
    pub fn range(&self, idx: usize) -> std::ops::Range<usize> {
        self.offsets[idx]..self.offsets[idx + 1]
    }
}

/// Builds the histories as of an instant, keeping each customer's latest `max_len` events.
///
/// Rows are streamed by customer and time and cut where the customer changes, so that memory holds
/// the result and one batch.
///
/// # Errors
/// [`FeatureError::Lake`] where the events cannot be read.
pub async fn sequences(
    snapshot: &Snapshot,
    as_of: Timestamp,
    max_len: usize,
) -> Result<Sequences, FeatureError> {
    let mut builder = Builder::new(max_len);
    let mut stream = snapshot.ordered(as_of).await?;
    while let Some(batch) = stream.next().await {
        builder.push(&batch?)?;
    }
    Ok(builder.finish())
}

struct Builder {
    max_len: usize,
    packed: Sequences,
    current: Option<String>,
    kinds: HashMap<String, u32>,
    skus: HashMap<String, u32>,
}

impl Builder {
    fn new(max_len: usize) -> Self {
        let packed = Sequences {
            offsets: vec![0],
            ..Sequences::default()
        };
        Self {
            max_len,
            packed,
            current: None,
            kinds: HashMap::new(),
            skus: HashMap::new(),
        }
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<(), FeatureError> {
        let customers = batch["customer_id"].as_string::<i32>();
        let times = batch["occurred_at"].as_primitive::<TimestampMicrosecondType>();
        let kinds = batch["kind"].as_string::<i32>();
        let skus = batch["sku"].as_string::<i32>();
        let quantities = batch["quantity"].as_primitive::<Float64Type>();
        let amounts = batch["amount_minor"].as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            if customers.is_null(row) {
                continue;
            }
            self.enter(customers.value(row))?;
            let kind = intern(&mut self.kinds, &mut self.packed.kinds, kinds.value(row));
            let sku = skus
                .is_valid(row)
                .then(|| intern(&mut self.skus, &mut self.packed.skus, skus.value(row)));
            self.packed
                .occurred_at
                .push(Timestamp::from_micros(times.value(row)));
            self.packed.kind_idx.push(kind);
            self.packed.sku_idx.push(sku);
            let quantity = quantities.is_valid(row).then(|| quantities.value(row));
            self.packed.quantity.push(quantity.unwrap_or(f64::NAN));
            let amount = amounts.is_valid(row).then(|| amounts.value(row) as f64);
            self.packed.amount_minor.push(amount.unwrap_or(f64::NAN));
        }
        Ok(())
    }

    /// Ends the customer before and begins the next one where the id changes.
    fn enter(&mut self, customer: &str) -> Result<(), FeatureError> {
        if self.current.as_deref() == Some(customer) {
            return Ok(());
        }
        self.leave();
        let id = customer
            .parse()
            .map_err(|_| FeatureError::CustomerId(customer.to_owned()))?;
        self.packed.customer_ids.push(id);
        self.current = Some(customer.to_owned());
        Ok(())
    }

    /// Keeps the latest events of the customer that ends.
    fn leave(&mut self) {
        if self.current.is_none() {
            return;
        }
        let start = *self
            .packed
            .offsets
            .last()
            .expect("there is always a first offset");
        let excess = (self.packed.occurred_at.len() - start).saturating_sub(self.max_len);
        let cut = start..start + excess;
        self.packed.occurred_at.drain(cut.clone());
        self.packed.kind_idx.drain(cut.clone());
        self.packed.sku_idx.drain(cut.clone());
        self.packed.quantity.drain(cut.clone());
        self.packed.amount_minor.drain(cut);
        self.packed.offsets.push(self.packed.occurred_at.len());
    }

    fn finish(mut self) -> Sequences {
        self.leave();
        self.packed
    }
}

fn intern(indices: &mut HashMap<String, u32>, names: &mut Vec<String>, name: &str) -> u32 {
    if let Some(&idx) = indices.get(name) {
        return idx;
    }
    let idx = u32::try_from(names.len()).expect("fewer than four billion names");
    names.push(name.to_owned());
    indices.insert(name.to_owned(), idx);
    idx
}
