//! Deals with pipelines, tickets, tasks, notes, campaigns and consents.

use rapport_domain::{
    Campaign, CampaignStatus, Channel, Consent, ConsentStatus, Currency, Deal, Money, Note,
    Pipeline, Priority, Purpose, Stage, StageOutcome, Subject, Task, TaskStatus, Ticket,
    TicketChannel, TicketStatus,
};

use super::imports::running;
use super::{TestStore, now};
use crate::imports::{self, ImportBatch};
use crate::{
    ListQuery, Op, StoreError, campaigns, consents, contacts, deals, notes, pipelines, tasks,
    tickets,
};

pub(super) async fn pipeline(store: &TestStore) -> Pipeline {
    let stage = |name: &str, outcome, probability| Stage {
        id: store.id(),
        name: name.to_owned(),
        outcome,
        probability,
    };
    let pipeline = Pipeline {
        id: store.id(),
        name: "Sales".to_owned(),
        stages: vec![
            stage("Talks", StageOutcome::Open, 0.2),
            stage("Won", StageOutcome::Won, 1.0),
            stage("Lost", StageOutcome::Lost, 0.0),
        ],
        version: 1,
    };
    pipelines::create(store, pipeline, now()).await.unwrap()
}

pub(super) fn ticket(store: &TestStore, subject: &str, priority: Priority) -> Ticket {
    Ticket {
        id: store.id(),
        subject: subject.to_owned(),
        body: String::new(),
        status: TicketStatus::Open,
        priority,
        channel: TicketChannel::Email,
        contact_id: None,
        owner_id: None,
        custom: Default::default(),
        created_at: now(),
        updated_at: now(),
        solved_at: None,
        version: 1,
    }
}

pub(super) fn deal(store: &TestStore, pipeline: &Pipeline) -> Deal {
    Deal {
        id: store.id(),
        name: "Engine".to_owned(),
        pipeline_id: pipeline.id,
        stage_id: pipeline.stages[0].id,
        amount: Some(Money::new(120_000, Currency::EUR)),
        expected_close_on: Some("2026-12-24".parse().unwrap()),
        contact_id: None,
        company_id: None,
        owner_id: None,
        custom: Default::default(),
        stage_entered_at: now(),
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

#[tokio::test]
async fn a_deal_moves_through_its_pipeline() {
    let store = TestStore::open().await;
    let pipeline = pipeline(&store).await;
    let deal = deal(&store, &pipeline);
    let mut deal = deals::create(&store, deal).await.unwrap();
    assert_eq!(
        deals::find(&store, deal.id).await.unwrap(),
        Some(deal.clone())
    );

    deal.stage_id = pipeline.stages[1].id;
    deals::update(&store, deal.clone(), 1).await.unwrap();

    let query = ListQuery::default().with("expected_close_on", Op::Gte, "2026-12-01");
    let listed = deals::list(&store, &query).await.unwrap();
    assert_eq!(listed.items[0].stage.as_ref().unwrap().name, "Won");
    assert_eq!(
        pipelines::find(&store, pipeline.id).await.unwrap(),
        Some(pipeline)
    );
    let stale = deals::delete(&store, deal.id, 1).await;
    assert!(matches!(stale, Err(StoreError::Conflict { found: 2, .. })));
}

#[tokio::test]
async fn tickets_sort_by_urgency() {
    let store = TestStore::open().await;
    for (subject, priority) in [
        ("Later", Priority::Low),
        ("Now", Priority::Urgent),
        ("Soon", Priority::High),
    ] {
        tickets::create(&store, ticket(&store, subject, priority))
            .await
            .unwrap();
    }

    let sorted = tickets::list(&store, &ListQuery::default().sorted("-priority"))
        .await
        .unwrap();
    let pressing = ListQuery::default()
        .with("priority", Op::Gte, "high")
        .sorted("subject");
    let pressing = tickets::list(&store, &pressing).await.unwrap();

    let subjects = |page: crate::Page<tickets::TicketRow>| -> Vec<String> {
        page.items
            .into_iter()
            .map(|row| row.ticket.subject)
            .collect()
    };
    assert_eq!(subjects(sorted), ["Now", "Soon", "Later"]);
    assert_eq!(subjects(pressing), ["Now", "Soon"]);
}

#[tokio::test]
async fn a_ticket_is_solved_under_its_version() {
    let store = TestStore::open().await;
    let mut ticket = tickets::create(&store, ticket(&store, "Help", Priority::Normal))
        .await
        .unwrap();
    ticket.status = TicketStatus::Solved;
    ticket.solved_at = Some(now());

    let solved = tickets::update(&store, ticket.clone(), 1).await.unwrap();

    assert_eq!(
        tickets::find(&store, ticket.id).await.unwrap(),
        Some(solved)
    );
    assert!(tickets::update(&store, ticket, 1).await.is_err());
}

#[tokio::test]
async fn a_batch_tells_of_the_tickets_and_deals_that_people_have_edited_meanwhile() {
    let store = TestStore::open().await;
    let pipeline = pipeline(&store).await;
    let source = store.source("desk").await;
    let mut edited = tickets::create(&store, ticket(&store, "Help", Priority::Normal))
        .await
        .unwrap();
    let read = edited.clone();
    edited.priority = Priority::Urgent;
    let edited = tickets::update(&store, edited, 1).await.unwrap();
    let calm = tickets::create(&store, ticket(&store, "Thanks", Priority::Low));
    let calm = calm.await.unwrap();
    let sold = deals::create(&store, deal(&store, &pipeline))
        .await
        .unwrap();
    let mut renamed = sold.clone();
    renamed.name = "Loom".to_owned();
    let renamed = deals::update(&store, renamed, 1).await.unwrap();
    let mut batch = ImportBatch::empty(running(&store, source).await, 0);
    batch.changed_tickets = vec![read, calm.clone()];
    for ticket in &mut batch.changed_tickets {
        ticket.status = TicketStatus::Pending;
    }
    batch.changed_deals = vec![sold];

    let committed = imports::commit_batch(&store, batch).await.unwrap();

    assert_eq!(
        (
            committed.n_tickets_kept,
            committed.n_deals_kept,
            committed.n_kept()
        ),
        (1, 1, 2)
    );
    let found = tickets::find(&store, edited.id).await.unwrap();
    assert_eq!(found, Some(edited));
    let calm = tickets::find(&store, calm.id).await.unwrap().unwrap();
    assert_eq!(calm.status, TicketStatus::Pending);
    let found = deals::find(&store, renamed.id).await.unwrap();
    assert_eq!(found, Some(renamed));
}

#[tokio::test]
async fn notes_and_tasks_are_listed_by_the_contact_they_are_about() {
    let store = TestStore::open().await;
    let ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    let subject = Subject::Contact(ada.id);
    let note = Note {
        id: store.id(),
        body: "Likes engines".to_owned(),
        subject,
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };
    let mut note = notes::create(&store, note).await.unwrap();
    let task = Task {
        id: store.id(),
        title: "Call".to_owned(),
        status: TaskStatus::Open,
        priority: Priority::High,
        due_on: Some("2026-11-25".parse().unwrap()),
        subject: Some(subject),
        owner_id: None,
        custom: Default::default(),
        created_at: now(),
        updated_at: now(),
        done_at: None,
        version: 1,
    };
    let mut task = tasks::create(&store, task).await.unwrap();

    note.body = "Loves engines".to_owned();
    notes::update(&store, note.clone()).await.unwrap();
    task.status = TaskStatus::Done;
    let task = tasks::update(&store, task, 1).await.unwrap();

    let about = ListQuery::default().with("contact_id", Op::Eq, ada.id);
    let listed = notes::list(&store, &about).await.unwrap();
    assert_eq!(listed.items[0].note, note);
    let listed = tasks::list(&store, &about).await.unwrap();
    assert_eq!(listed.items[0].task, task);
    assert_eq!(listed.items[0].contact.as_ref().unwrap().name, "Ada");
    notes::delete(&store, note.id).await.unwrap();
    let gone = notes::delete(&store, note.id).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn a_campaign_reads_back_as_written() {
    let store = TestStore::open().await;
    let campaign = Campaign {
        id: store.id(),
        name: "Spring".to_owned(),
        channel: Channel::Wechat,
        status: CampaignStatus::Running,
        starts_at: Some(now()),
        ends_at: None,
        budget: Some(Money::new(5_000, Currency::CNY)),
        created_at: now(),
        updated_at: now(),
    };

    campaigns::create(&store, campaign.clone()).await.unwrap();

    assert_eq!(
        campaigns::find(&store, campaign.id).await.unwrap(),
        Some(campaign.clone())
    );
    let query = ListQuery::default().with("channel", Op::In, "wechat, sms");
    assert_eq!(
        campaigns::list(&store, &query).await.unwrap().items,
        [campaign]
    );
}

#[tokio::test]
async fn consents_of_a_contact_come_latest_first() {
    let store = TestStore::open().await;
    let ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    let statement = |status, days| Consent {
        id: store.id(),
        contact_id: ada.id,
        purpose: Purpose::Marketing,
        channel: Some(Channel::Email),
        status,
        source: "form".to_owned(),
        stated_at: now().plus_days(days),
    };
    let granted = consents::create(&store, statement(ConsentStatus::Granted, 0))
        .await
        .unwrap();
    let withdrawn = consents::create(&store, statement(ConsentStatus::Withdrawn, 1))
        .await
        .unwrap();

    let listed = consents::list_of(&store, ada.id).await.unwrap();

    assert_eq!(listed, [withdrawn, granted]);
    assert!(!Consent::allows(
        &listed,
        Purpose::Marketing,
        Channel::Email
    ));
}
