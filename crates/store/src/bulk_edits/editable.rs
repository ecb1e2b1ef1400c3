//! The kinds of records that are edited in bulk, and how the row of a changed one is made.

use std::collections::HashMap;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use rapport_domain::{
    Changeable, Company, Contact, CustomValues, Deal, Invalid, ObjectKind, PipelineId, StageId,
    Task, Ticket, Timestamp,
};
use sea_orm::{DatabaseTransaction, EntityTrait as _};

use crate::custom_fields::{self, Searched};
use crate::entities::{company, contact, deal, stage, task, ticket};
use crate::journal::Tracked;
use crate::record::Guarded;
use crate::{StoreError, companies, contacts, deals, search, tasks, tickets};

/// A kind of record that is edited in bulk.
pub(super) trait Editable: Tracked {
    /// Its records.
    type Record: Changeable<Change: Send + Sync>
        + TryFrom<Self::Model, Error = StoreError>
        + Send
        + Sync;
    /// How access to them is decided.
    const GUARDED: Guarded;

    /// The version of a row.
    fn version(row: &Self::Model) -> i64;

    /// Notes when a record was changed.
    fn stamp(record: &mut Self::Record, now: Timestamp);

    /// Refuses a changed record that does not fit what is around it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with what is wrong.
    fn check(_: &Self::Record, _: &Surroundings) -> Result<(), StoreError> {
        Ok(())
    }

    /// Lets parts of a record follow from others, after some of them got back what they held before.
    fn settle(_: &mut Self::Record, _: &Surroundings) {}

    /// The row of a changed record that was in the row `before`.
    fn row<'s>(
        surroundings: &'s Surroundings,
        tx: &'s DatabaseTransaction,
        before: &'s Self::Model,
        record: Self::Record,
    ) -> BoxFuture<'s, Result<Self::Model, StoreError>>;
}

/// What is read once for a batch.
pub(super) struct Surroundings {
    searched: Searched,
    stages: HashMap<StageId, PipelineId>,
}

impl Surroundings {
    pub(super) async fn read(
        tx: &DatabaseTransaction,
        kind: ObjectKind,
    ) -> Result<Self, StoreError> {
        let stages = match kind {
            ObjectKind::Deal => stage::Entity::find().all(tx).await?,
            _ => Vec::new(),
        };
        let pair = |row: stage::Model| (row.id.into(), row.pipeline_id.into());
        Ok(Self {
            searched: custom_fields::searched(tx, kind).await?,
            stages: stages.into_iter().map(pair).collect(),
        })
    }

    fn texts<'v>(&'v self, values: &'v CustomValues) -> Vec<&'v str> {
        self.searched.of(values)
    }
}

impl Editable for contact::Entity {
    type Record = Contact;
    const GUARDED: Guarded = contacts::GUARDED;

    fn version(row: &contact::Model) -> i64 {
        row.version
    }

    fn stamp(record: &mut Contact, now: Timestamp) {
        record.updated_at = now;
    }

    /// The words of a contact are gathered anew only where its own have changed: they hold what its sources
    /// call it, which is a look-up for each.
    fn row<'s>(
        surroundings: &'s Surroundings,
        tx: &'s DatabaseTransaction,
        before: &'s contact::Model,
        contact: Contact,
    ) -> BoxFuture<'s, Result<contact::Model, StoreError>> {
        async move {
            let text = |contact: &Contact| {
                search::contact_text(contact, &surroundings.texts(&contact.custom))
            };
            if text(&Contact::try_from(before.clone())?) == text(&contact) {
                let search_text = before.search_text.clone();
                return Ok(contact::Model {
                    search_text,
                    ..contact::Model::with_words(contact, &[])
                });
            }
            let words = contacts::words_of(tx, &contact).await?;
            Ok(contact::Model::with_words(contact, &words.as_strs()))
        }
        .boxed()
    }
}

impl Editable for company::Entity {
    type Record = Company;
    const GUARDED: Guarded = companies::GUARDED;

    fn version(row: &company::Model) -> i64 {
        row.version
    }

    fn stamp(record: &mut Company, now: Timestamp) {
        record.updated_at = now;
    }

    fn row<'s>(
        surroundings: &'s Surroundings,
        _: &'s DatabaseTransaction,
        _: &'s company::Model,
        company: Company,
    ) -> BoxFuture<'s, Result<company::Model, StoreError>> {
        async move {
            let custom = company.custom.clone();
            let texts = surroundings.texts(&custom);
            Ok(company::Model::with_words(company, &texts))
        }
        .boxed()
    }
}

impl Editable for deal::Entity {
    type Record = Deal;
    const GUARDED: Guarded = deals::GUARDED;

    fn version(row: &deal::Model) -> i64 {
        row.version
    }

    fn stamp(record: &mut Deal, now: Timestamp) {
        record.updated_at = now;
    }

    fn check(deal: &Deal, surroundings: &Surroundings) -> Result<(), StoreError> {
        if surroundings.stages.get(&deal.stage_id) == Some(&deal.pipeline_id) {
            return Ok(());
        }
        let message = "this stage belongs to another pipeline than the deal's; set both pipeline_id and stage_id";
        Err(Invalid::one("/stage_id", "other_pipeline", message).into())
    }

    /// The stage decides: others may have moved the deal to one of another pipeline.
    fn settle(deal: &mut Deal, surroundings: &Surroundings) {
        if let Some(pipeline) = surroundings.stages.get(&deal.stage_id) {
            deal.pipeline_id = *pipeline;
        }
    }

    fn row<'s>(
        _: &'s Surroundings,
        _: &'s DatabaseTransaction,
        _: &'s deal::Model,
        deal: Deal,
    ) -> BoxFuture<'s, Result<deal::Model, StoreError>> {
        async move { Ok(deal.into()) }.boxed()
    }
}

impl Editable for ticket::Entity {
    type Record = Ticket;
    const GUARDED: Guarded = tickets::GUARDED;

    fn version(row: &ticket::Model) -> i64 {
        row.version
    }

    fn stamp(record: &mut Ticket, now: Timestamp) {
        record.updated_at = now;
    }

    fn row<'s>(
        _: &'s Surroundings,
        _: &'s DatabaseTransaction,
        before: &'s ticket::Model,
        ticket: Ticket,
    ) -> BoxFuture<'s, Result<ticket::Model, StoreError>> {
        async move {
            Ok(ticket::Model {
                source_id: before.source_id,
                external_id: before.external_id.clone(),
                ..ticket::Model::with_origin(ticket, None)
            })
        }
        .boxed()
    }
}

impl Editable for task::Entity {
    type Record = Task;
    const GUARDED: Guarded = tasks::GUARDED;

    fn version(row: &task::Model) -> i64 {
        row.version
    }

    fn stamp(record: &mut Task, now: Timestamp) {
        record.updated_at = now;
    }

    fn row<'s>(
        _: &'s Surroundings,
        _: &'s DatabaseTransaction,
        _: &'s task::Model,
        task: Task,
    ) -> BoxFuture<'s, Result<task::Model, StoreError>> {
        async move { Ok(task.into()) }.boxed()
    }
}
