//! What the fixtures hold: a little of every kind of record, and what today's program must read of it.

use rapport_domain::{
    Campaign, CampaignStatus, Channel, Company, Consent, ConsentStatus, Currency, CustomField,
    CustomFieldKind, Deal, Language, LocalizedText, Money, Note, ObjectKind, Priority, Purpose,
    Role, Subject, Task, TaskStatus,
};

use super::super::{TestStore, address_in, now, reports, runs, segmentations, service};
use crate::orders::{self, TotalsScope};
use crate::search::{self, HitKind};
use crate::users::{self, NewUser};
use crate::{
    ListQuery, Op, Store, campaigns, companies, consents, contacts, custom_fields, deals, imports,
    notes, pipelines, products, sources, tasks, tickets,
};

/// Fills a new store.
pub(super) async fn fill(store: &TestStore) {
    let user = NewUser {
        id: store.id(),
        email: "ada@example.com".parse().unwrap(),
        name: "Ada".to_owned(),
        role: Role::Admin,
        language: Language::Zh,
        password: "correct horse".to_owned(),
    };
    let user = users::create(store, user, now()).await.unwrap().id;
    let shop = reports::shop(store).await;
    let totals = orders::refresh_totals(store, TotalsScope::All);
    totals.await.unwrap();
    let mut company = Company::named(store.id(), "Analytical Engines", now());
    company.address = address_in("Łódź");
    company.tags = vec!["b2b".to_owned()];
    let company = companies::create(store, company).await.unwrap();
    let mut li = store.contact("李明");
    li.company_id = Some(company.id);
    li.owner_id = Some(user);
    let li = contacts::create(store, li).await.unwrap();
    let field = CustomField::new(
        store.id(),
        ObjectKind::Contact,
        "shoe_size",
        LocalizedText::new("Shoe size", "鞋码"),
        CustomFieldKind::Number,
        now(),
    );
    custom_fields::create(store, field).await.unwrap();
    let consent = Consent {
        id: store.id(),
        contact_id: shop.ada,
        purpose: Purpose::Marketing,
        channel: Some(Channel::Email),
        status: ConsentStatus::Granted,
        source: "form".to_owned(),
        stated_at: now(),
    };
    consents::create(store, consent).await.unwrap();
    sell(store, Subject::Contact(li.id)).await;
    let ada = contacts::find(store, shop.ada).await.unwrap().unwrap();
    let division = segmentations::division(store, &[ada, li]);
    crate::segmentations::publish(store, division)
        .await
        .unwrap();
    let run = runs::new_run(store, "Trees of November");
    crate::runs::begin(store, run, now()).await.unwrap();
}

/// A deal, a ticket, a task, a note and a campaign.
async fn sell(store: &TestStore, subject: Subject) {
    let pipeline = service::pipeline(store).await;
    let deal = Deal {
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
    };
    deals::create(store, deal).await.unwrap();
    let ticket = service::ticket(store, "Help", Priority::Urgent);
    tickets::create(store, ticket).await.unwrap();
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
    tasks::create(store, task).await.unwrap();
    let note = Note {
        id: store.id(),
        body: "Likes engines".to_owned(),
        subject,
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };
    notes::create(store, note).await.unwrap();
    let campaign = Campaign {
        id: store.id(),
        name: "Spring".to_owned(),
        channel: Channel::Email,
        status: CampaignStatus::Running,
        starts_at: Some(now()),
        ends_at: None,
        budget: None,
        created_at: now(),
        updated_at: now(),
    };
    campaigns::create(store, campaign).await.unwrap();
}

/// Reads every list and finds in it what `fill` wrote.
pub(super) async fn check(store: &Store, step: &str) {
    people(store, step).await;
    sales(store, step).await;
    learning(store, step).await;
}

async fn people(store: &Store, step: &str) {
    let all = ListQuery::default().sorted("name");
    let found = contacts::list(store, &all).await.unwrap();
    let names: Vec<&str> = found.items.iter().map(|row| &*row.contact.name).collect();
    assert_eq!(names, ["Ada", "Bob", "李明"], "{step}");
    let ada = &found.items[0].contact;
    assert_eq!((ada.n_orders, ada.total_spent_minor), (3, 4_000), "{step}");
    let consents = consents::list_of(store, ada.id).await.unwrap();
    assert_eq!(consents[0].status, ConsentStatus::Granted, "{step}");
    let li = &found.items[2].contact;
    let firms = companies::list(store, &all).await.unwrap();
    assert_eq!(li.company_id, Some(firms.items[0].company.id), "{step}");
    let seat = &firms.items[0].company.address;
    assert_eq!(seat.city.as_deref(), Some("Łódź"), "{step}");
    let fields = custom_fields::list(store, Some(ObjectKind::Contact)).await;
    assert_eq!(fields.unwrap()[0].key, "shoe_size", "{step}");
    let user = users::authenticate(store, "ada@example.com", "correct horse".to_owned());
    let user = user.await.unwrap().expect("the password still opens");
    assert_eq!(
        (user.role, li.owner_id),
        (Role::Admin, Some(user.id)),
        "{step}"
    );
    // What was there before search knew it is found by its own words and its company's.
    while search::catch_up(store, 2).await.unwrap() {}
    for (text, kind) in [
        ("李明", HitKind::Contact),
        ("lm analytical", HitKind::Contact),
        ("analyt", HitKind::Company),
        ("engine", HitKind::Deal),
        ("help", HitKind::Ticket),
        ("call", HitKind::Task),
    ] {
        let hits = search::everywhere(store, text, 10).await.unwrap();
        let is_found = hits.iter().any(|hit| hit.kind == kind);
        assert!(is_found, "{step}: {text}");
    }
}

async fn sales(store: &Store, step: &str) {
    let all = ListQuery::default();
    let lamps = products::list(store, &all).await.unwrap().items;
    assert_eq!((lamps[0].units_sold, &*lamps[0].sku), (9.0, "L"), "{step}");
    let in_time = ListQuery::default().sorted("ordered_at");
    let orders = orders::list(store, &in_time).await.unwrap().items;
    assert_eq!(orders.len(), 5, "{step}");
    let lines = orders::list_lines(store, orders[0].order.id).await.unwrap();
    assert_eq!(lines.len(), 1, "{step}");
    let pipelines = pipelines::list(store).await.unwrap();
    assert_eq!(
        (pipelines[0].version, pipelines[0].stages.len()),
        (1, 3),
        "{step}"
    );
    let due = ListQuery::default().with("expected_close_on", Op::Gte, "2026-12-01");
    let deals = deals::list(store, &due).await.unwrap().items;
    let amount = Some(Money::new(120_000, Currency::EUR));
    assert_eq!(deals[0].deal.amount, amount, "{step}");
    let tickets = tickets::list(store, &all).await.unwrap().items;
    assert_eq!(tickets[0].ticket.priority, Priority::Urgent, "{step}");
    let tasks = tasks::list(store, &all).await.unwrap().items;
    assert_eq!(tasks[0].task.title, "Call", "{step}");
    let notes = notes::list(store, &all).await.unwrap().items;
    assert_eq!(notes[0].note.body, "Likes engines", "{step}");
    let campaigns = campaigns::list(store, &all).await.unwrap().items;
    assert_eq!(campaigns[0].status, CampaignStatus::Running, "{step}");
    let imports = imports::list(store, &all).await.unwrap().items;
    assert_eq!(imports[0].file_name, "orders.csv", "{step}");
    let sources = sources::list(store).await.unwrap();
    assert_eq!(sources[0].name, "shop", "{step}");
}

async fn learning(store: &Store, step: &str) {
    let division = crate::segmentations::find_current(store).await.unwrap();
    let division = division.expect("a current segmentation");
    let segments = crate::segmentations::list_segments(store, division.id);
    let segments = segments.await.unwrap();
    assert_eq!(segments[1].name.zh, "沉睡客户", "{step}");
    assert_eq!(segments[0].traits[0].z, -1.2, "{step}");
    // Runs are younger than the first schema.
    let n_runs = u32::from(super::n_steps(step) >= super::n_steps("m0011_runs"));
    let runs = crate::runs::list(store, &ListQuery::default())
        .await
        .unwrap();
    assert_eq!(runs.items.len(), n_runs as usize, "{step}");
}
