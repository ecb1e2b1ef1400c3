//! Orders with their lines, and the products that they name.

use std::collections::HashMap;

use rapport_domain::{Order, OrderId, OrderLine, Product, ProductId};
use rapport_store::imports::ImportBatch;
use rapport_store::{StoreError, orders, products};

use super::Records;

/// What batches make and change of orders and products.
#[derive(Debug, Default)]
pub(super) struct OrdersAhead {
    /// Orders by their number at the source.
    orders: HashMap<String, Order>,
    lines: HashMap<OrderId, HashMap<i64, OrderLine>>,
    /// Products by stock-keeping unit, as the batches name them.
    products: HashMap<String, Product>,
    skus: HashMap<ProductId, String>,
}

impl OrdersAhead {
    pub(super) fn add(&mut self, batch: &ImportBatch) {
        for order in &batch.orders {
            self.orders.insert(order.external_id.clone(), order.clone());
        }
        for line in &batch.lines {
            let lines = self.lines.entry(line.order_id).or_default();
            lines.insert(line.line_no, line.clone());
        }
        for product in &batch.products {
            let before = self.products.remove(&product.sku);
            let product = match before {
                Some(before) => told_over(before, product),
                None => product.clone(),
            };
            self.skus.insert(product.id, product.sku.clone());
            self.products.insert(product.sku.clone(), product);
        }
    }

    /// A stored product as it will be.
    fn product(&self, stored: Product) -> Product {
        match self.products.get(&stored.sku) {
            Some(told) => told_over(stored, told),
            None => stored,
        }
    }
}

/// A product as it is once a batch that tells of it is written: what is left out stays.
pub(in crate::imports) fn told_over(product: Product, told: &Product) -> Product {
    Product {
        name: told.name.clone(),
        category: told.category.clone().or(product.category),
        price: told.price.or(product.price),
        updated_at: told.updated_at,
        ..product
    }
}

impl Records<'_> {
    /// Finds products by stock-keeping unit.
    pub(in crate::imports) async fn products_by_skus(
        &self,
        skus: &[String],
    ) -> Result<HashMap<String, Product>, StoreError> {
        let ahead = &self.ahead.orders;
        let stored = products::find_by_skus(self.store, skus).await?;
        let stored = stored.into_iter();
        let mut found: HashMap<String, Product> = stored
            .map(|(sku, product)| (sku, ahead.product(product)))
            .collect();
        for sku in skus.iter().filter(|sku| ahead.products.contains_key(*sku)) {
            let expected = || ahead.products[sku].clone();
            found.entry(sku.clone()).or_insert_with(expected);
        }
        Ok(found)
    }

    /// Finds products, in no order; those that are not there are left out.
    pub(in crate::imports) async fn products(
        &self,
        ids: &[ProductId],
    ) -> Result<Vec<Product>, StoreError> {
        let ahead = &self.ahead.orders;
        let stored = products::find_many(self.store, ids).await?;
        let stored = stored.into_iter().map(|it| (it.id, ahead.product(it)));
        let mut found: HashMap<ProductId, Product> = stored.collect();
        for id in ids {
            if let Some(expected) = ahead.skus.get(id).and_then(|sku| ahead.products.get(sku)) {
                found.entry(*id).or_insert_with(|| expected.clone());
            }
        }
        Ok(found.into_values().collect())
    }

    /// Finds orders by their number at the source.
    pub(in crate::imports) async fn orders_by_numbers(
        &self,
        numbers: &[String],
    ) -> Result<HashMap<String, Order>, StoreError> {
        let expected = |number: &&String| self.ahead.orders.orders.contains_key(*number);
        let (here, open): (Vec<&String>, Vec<&String>) = numbers.iter().partition(expected);
        let open: Vec<String> = open.into_iter().cloned().collect();
        let mut found = orders::find_by_external_ids(self.store, self.source_id, &open).await?;
        found.extend(here.into_iter().map(|number| {
            let order = self.ahead.orders.orders[number].clone();
            (number.clone(), order)
        }));
        Ok(found)
    }

    /// All lines of some orders by order and number.
    pub(in crate::imports) async fn order_lines(
        &self,
        ids: &[OrderId],
    ) -> Result<HashMap<(OrderId, i64), OrderLine>, StoreError> {
        let mut found = orders::existing_lines(self.store, ids).await?;
        for id in ids {
            let lines = self.ahead.orders.lines.get(id).into_iter().flatten();
            found.extend(lines.map(|(&line_no, line)| ((*id, line_no), line.clone())));
        }
        Ok(found)
    }
}
