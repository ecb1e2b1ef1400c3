//! Products: from rows of their own and from the order lines that name them.

use std::collections::HashMap;

use rapport_domain::{CustomValues, Money, Product, ProductId, Timestamp};
use rapport_ingest::ParsedRow;
use rapport_store::imports::RecordKind;
use rapport_store::products;

use super::{Assembled, Assembler};
use crate::error::PipelineError;

/// A product as this run knows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownProduct {
    pub(super) id: ProductId,
    /// Its name is only its stock-keeping unit so far.
    is_unnamed: bool,
}

/// What a row says of a product.
struct Told<'a> {
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
        for (sku, product) in products::find_by_skus(&self.workspace.store, &unknown).await? {
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
        let mut written: HashMap<String, Product> = HashMap::new();
        for told in &told {
            let known = self.products.get(told.sku).copied();
            let must_write = match known {
                None => true,
                Some(known) => told.is_own_row || (known.is_unnamed && told.name.is_some()),
            };
            if !must_write {
                continue;
            }
            let id = known.map_or_else(|| self.workspace.ids.next(now), |known| known.id);
            let product = product(told, id, now);
            let known = KnownProduct {
                id,
                is_unnamed: told.name.is_none(),
            };
            self.products.insert(told.sku.to_owned(), known);
            if told.is_own_row {
                // Its price may be in another currency now, in which its revenue is counted.
                self.touched.product(Some(id));
            }
            written.insert(told.sku.to_owned(), product);
        }
        let mut batch: Vec<Product> = written.into_values().collect();
        batch.sort_by(|a, b| a.sku.cmp(&b.sku));
        assembled.batch.products = batch;
        Ok(())
    }
}

fn told(row: &ParsedRow) -> Option<Told<'_>> {
    match row {
        ParsedRow::OrderLine(row) => Some(Told {
            sku: &row.sku,
            name: row.product_name.as_deref(),
            category: row.category.as_deref(),
            price: (row.unit_price.amount_minor > 0).then_some(row.unit_price),
            is_own_row: false,
        }),
        ParsedRow::Product(row) => Some(Told {
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
