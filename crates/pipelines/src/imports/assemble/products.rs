//! Products: from rows of their own and from the order lines that name them.

use std::collections::{BTreeSet, HashMap};

use rapport_domain::{CustomValues, Money, Product, ProductId, Timestamp};
use rapport_ingest::ParsedRow;
use rapport_store::imports::RecordKind;

use super::{Assembled, Assembler};
use crate::error::PipelineError;
use crate::imports::records::told_over;

/// A product as this run knows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownProduct {
    pub(super) id: ProductId,
    /// Its name is only its stock-keeping unit so far.
    is_unnamed: bool,
}

/// What a row says of a product.
struct Told<'a> {
    line: u64,
    sku: &'a str,
    name: Option<&'a str>,
    category: Option<&'a str>,
    price: Option<Money>,
    /// A row about the product itself, which may change it.
    is_own_row: bool,
}

impl Assembler<'_> {
    /// Looks up the products that rows name and that this run has not met; returns those.
    pub(super) async fn know_products(
        &mut self,
        rows: &[ParsedRow],
    ) -> Result<Vec<ProductId>, PipelineError> {
        let mut unknown: Vec<String> = rows
            .iter()
            .filter_map(told)
            .filter(|told| self.products.get(told.sku).is_none())
            .map(|told| told.sku.to_owned())
            .collect();
        unknown.sort_unstable();
        unknown.dedup();
        let mut met = Vec::new();
        for (sku, product) in self.records.products_by_skus(&unknown).await? {
            met.push(product.id);
            let is_unnamed = product.name == sku;
            self.products.insert(
                sku,
                KnownProduct {
                    id: product.id,
                    is_unnamed,
                },
            );
        }
        Ok(met)
    }

    /// Makes the products that rows name and that are not known; a row about a product itself may
    /// change it.
    pub(super) async fn add_products(
        &mut self,
        rows: &[ParsedRow],
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let met = self.know_products(rows).await?;
        assembled.see(RecordKind::Products, met);
        let told: Vec<Told<'_>> = rows.iter().filter_map(told).collect();
        let now = self.workspace.clock.now();
        let mut known = self.known_products(&told).await?;
        let mut written: BTreeSet<&str> = BTreeSet::new();
        for told in &told {
            let met = self.products.get(told.sku).copied();
            let must_write = match met {
                None => true,
                Some(met) => told.is_own_row || (met.is_unnamed && told.name.is_some()),
            };
            if !must_write {
                continue;
            }
            let id = met.map_or_else(|| self.workspace.ids.next(now), |met| met.id);
            let is_unnamed = told.name.is_none();
            let met = KnownProduct { id, is_unnamed };
            self.products.insert(told.sku.to_owned(), met);
            let before = known.get(told.sku);
            let mut after = product(told, id, now);
            if let Some(before) = before {
                after = told_over(before.clone(), &after);
            }
            if told.is_own_row {
                if leaves_as_is(told.line, before, &after, assembled) {
                    continue;
                }
                // Its price may be in another currency now, in which its revenue is counted.
                self.touched.product(Some(id));
            }
            written.insert(told.sku);
            known.insert(told.sku.to_owned(), after);
        }
        let batch = written.into_iter().filter_map(|sku| known.remove(sku));
        assembled.batch.products = batch.collect();
        Ok(())
    }

    /// The products that rows of their own are about.
    async fn known_products(
        &self,
        told: &[Told<'_>],
    ) -> Result<HashMap<String, Product>, PipelineError> {
        let of_own = told.iter().filter(|told| told.is_own_row);
        let skus: BTreeSet<&str> = of_own.map(|told| told.sku).collect();
        let skus: Vec<String> = skus.into_iter().map(str::to_owned).collect();
        Ok(self.records.products_by_skus(&skus).await?)
    }
}

/// Notes what a row about a product itself does to it; tells whether that is nothing.
fn leaves_as_is(
    line: u64,
    before: Option<&Product>,
    product: &Product,
    assembled: &mut Assembled,
) -> bool {
    let Some(before) = before else {
        assembled
            .outcomes
            .create(line, Some(product.id.into()), &product.name);
        return false;
    };
    let named = (product.id, product.name.as_str());
    assembled.outcomes.change(line, named, before, product);
    let is_same = (&before.name, &before.category, before.price)
        == (&product.name, &product.category, product.price);
    assembled.n_unchanged += u64::from(is_same);
    is_same
}

fn told(row: &ParsedRow) -> Option<Told<'_>> {
    match row {
        ParsedRow::OrderLine(row) => Some(Told {
            line: row.line,
            sku: &row.sku,
            name: row.product_name.as_deref(),
            category: row.category.as_deref(),
            price: (row.unit_price.amount_minor > 0).then_some(row.unit_price),
            is_own_row: false,
        }),
        ParsedRow::Product(row) => Some(Told {
            line: row.line,
            sku: &row.sku,
            name: Some(&row.name),
            category: row.category.as_deref(),
            price: row.price,
            is_own_row: true,
        }),
        _ => None,
    }
}

fn product(told: &Told<'_>, id: rapport_domain::ProductId, now: Timestamp) -> Product {
    Product {
        id,
        sku: told.sku.to_owned(),
        name: told.name.unwrap_or(told.sku).to_owned(),
        category: told.category.map(str::to_owned),
        price: told.price,
        custom: CustomValues::new(),
        units_sold: 0.0,
        revenue_minor: 0,
        created_at: now,
        updated_at: now,
    }
}
