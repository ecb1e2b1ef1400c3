//! How a restored row of each kind is written: with all that follows from it.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use rapport_domain::{Campaign, Company, Contact, Deal, ObjectKind, Order, Product};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use uuid::Uuid;

use super::Batch;
use crate::entities::{
    campaign, company, contact, deal, identity, order, order_line, product, stage, ticket,
};
use crate::imports::journal::Journaled;
use crate::{StoreError, bulk, contacts, custom_fields, record, sql};

/// A kind of record that is restored.
pub(super) trait Restorable: Journaled {
    /// Writes a row in place of another.
    fn write<'b>(
        batch: &'b Batch<'_>,
        before: &'b Self::Model,
        row: Self::Model,
    ) -> BoxFuture<'b, Result<(), StoreError>>;
}

impl Restorable for company::Entity {
    fn write<'b>(
        batch: &'b Batch<'_>,
        _: &'b company::Model,
        row: company::Model,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        async move {
            let (id, expected) = (row.id, row.version);
            let mut company = Company::try_from(row)?;
            company.updated_at = batch.now;
            let searched = custom_fields::searched(batch.tx, ObjectKind::Company).await?;
            let custom = company.custom.clone();
            let row = company::Model::with_words(company, &searched.of(&custom));
            let object = "company";
            record::update_versioned::<Self>(batch.tx, object, id, expected, row, &[]).await
        }
        .boxed()
    }
}

impl Restorable for contact::Entity {
    fn write<'b>(
        batch: &'b Batch<'_>,
        _: &'b contact::Model,
        row: contact::Model,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        async move {
            let (id, expected) = (row.id, row.version);
            let mut contact = Contact::try_from(row)?;
            contact.updated_at = batch.now;
            let words = contacts::words_of(batch.tx, &contact).await?;
            let row = contact::Model::with_words(contact, &words.as_strs());
            let derived = contact::DERIVED;
            record::update_versioned::<Self>(batch.tx, "contact", id, expected, row, derived).await
        }
        .boxed()
    }
}

impl Restorable for product::Entity {
    fn write<'b>(
        batch: &'b Batch<'_>,
        _: &'b product::Model,
        row: product::Model,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        async move {
            let id = row.id;
            let mut product = Product::try_from(row)?;
            product.updated_at = batch.now;
            let row = product.into();
            record::update::<Self>(batch.tx, "product", id, row, product::DERIVED).await
        }
        .boxed()
    }
}

impl Restorable for campaign::Entity {
    fn write<'b>(
        batch: &'b Batch<'_>,
        _: &'b campaign::Model,
        row: campaign::Model,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        async move {
            let id = row.id;
            let mut campaign = Campaign::try_from(row)?;
            campaign.updated_at = batch.now;
            record::update::<Self>(batch.tx, "campaign", id, campaign.into(), &[]).await
        }
        .boxed()
    }
}

impl Restorable for identity::Entity {
    fn write<'b>(
        batch: &'b Batch<'_>,
        _: &'b identity::Model,
        row: identity::Model,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        async move { record::update::<Self>(batch.tx, "identity", row.id, row, &[]).await }.boxed()
    }
}

impl Restorable for order::Entity {
    fn write<'b>(
        batch: &'b Batch<'_>,
        _: &'b order::Model,
        row: order::Model,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        async move {
            let id = row.id;
            let row = Order::try_from(row)?.into();
            record::update::<Self>(batch.tx, "order", id, row, order::DERIVED).await
        }
        .boxed()
    }
}

impl Restorable for order_line::Entity {
    fn write<'b>(
        batch: &'b Batch<'_>,
        _: &'b order_line::Model,
        row: order_line::Model,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        async move {
            let (order_id, line_no): (Uuid, i64) = (row.order_id, row.line_no);
            let backend = batch.tx.get_database_backend();
            let mut statement = bulk::update::<Self>(backend, row, &["order_id", "line_no"]);
            let key = [sql::id(order_id), line_no.into()];
            statement.push_with(" WHERE order_id = ? AND line_no = ?", key);
            statement.execute(batch.tx).await?;
            Ok(())
        }
        .boxed()
    }
}

impl Restorable for ticket::Entity {
    /// The version stays, as when an import changes a ticket: it counts what people change.
    fn write<'b>(
        batch: &'b Batch<'_>,
        _: &'b ticket::Model,
        mut row: ticket::Model,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        async move {
            let id = row.id;
            row.updated_at = batch.now.as_micros();
            record::update::<Self>(batch.tx, "ticket", id, row, &["version"]).await
        }
        .boxed()
    }
}

impl Restorable for deal::Entity {
    /// The version stays, as when an import changes a deal: it counts what people change.
    fn write<'b>(
        batch: &'b Batch<'_>,
        _: &'b deal::Model,
        row: deal::Model,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        async move {
            let id = row.id;
            let mut deal = Deal::try_from(row)?;
            // The stage decides: others may have moved the deal to one of another pipeline.
            let stage = stage::Entity::find_by_id(Uuid::from(deal.stage_id));
            if let Some(stage) = stage.one(batch.tx).await? {
                deal.pipeline_id = stage.pipeline_id.into();
            }
            deal.updated_at = batch.now;
            record::update::<Self>(batch.tx, "deal", id, deal.into(), &["version"]).await
        }
        .boxed()
    }
}
