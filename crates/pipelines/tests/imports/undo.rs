//! Imports that are taken back: whatever was imported, killed and edited, everything is as it was
//! before, and what people have changed since is kept and told.

use std::collections::BTreeMap;
use std::path::Path;

use rapport_domain::{ContactId, ImportId, ImportStatus, JobStatus};
use rapport_pipelines::{Workspace, imports, jobs, run_worker};
use rapport_store::{
    ListQuery, campaigns, companies, consents, contacts, identities, notes, orders, products,
    tickets,
};
use rapport_testing::{OrdersFile, killed_at_wait};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::office::{Starts, find, import, import_as, number, open, open_at, texts, upload_as};

/// Seeded numbers (SplitMix64: Steele, Lea & Flood, 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n_sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n_sides
    }

    /// The text, or nothing.
    fn some(&mut self, text: &str) -> String {
        match self.roll(2) {
            0 => String::new(),
            _ => text.to_owned(),
        }
    }
}

/// A file of people, some of whose cells are empty.
fn people_file(dice: &mut Dice) -> String {
    let mut text = "Customer ID,Name,Email,Phone,Job Title,Company,City,Note\n".to_owned();
    for person in 1..=12 {
        if dice.roll(3) == 0 {
            continue;
        }
        let company = format!("Company {}", dice.roll(4));
        let note = format!("met at fair {}", dice.roll(3));
        let cells = [
            person.to_string(),
            format!("Person {person}"),
            dice.some(&format!("person{person}@example.com")),
            dice.some(&format!("+44 7700 9001{person:02}")),
            dice.some("Engineer"),
            dice.some(&company),
            dice.some("London"),
            dice.some(&note),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// A file of orders, some of whose lines say something else than those of another roll.
fn orders_file(dice: &mut Dice) -> String {
    let n_orders = 5 + dice.roll(20) as usize;
    let text = OrdersFile::new(n_orders).with_customers(8).csv();
    let quantity = 1 + dice.roll(3);
    text.replace("PRODUCT 3,1,", &format!("PRODUCT 3,{quantity},"))
}

/// A file of tickets, whose states differ from roll to roll.
fn tickets_file(dice: &mut Dice) -> String {
    let mut text = "Ticket ID,Subject,Status,Priority,Requester Email,Created At\n".to_owned();
    for ticket in 1..=6 {
        let status = ["open", "pending", "solved"][dice.roll(3) as usize];
        let priority = ["low", "normal", "high"][dice.roll(3) as usize];
        let person = 1 + dice.roll(12);
        text.push_str(&format!(
            "{ticket},Broken {ticket},{status},{priority},person{person}@example.com,2025-03-0{ticket}\n"
        ));
    }
    text
}

fn random_file(dice: &mut Dice) -> (&'static str, String) {
    match dice.roll(3) {
        0 => ("people.csv", people_file(dice)),
        1 => ("orders.csv", orders_file(dice)),
        _ => ("tickets.csv", tickets_file(dice)),
    }
}

fn all() -> ListQuery {
    ListQuery {
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    }
}

/// All records by their ids, without what tells when and how often they were written; and the
/// history's messages with their amounts.
async fn dump(workspace: &Workspace) -> BTreeMap<String, String> {
    let store = &workspace.store;
    let mut dump = BTreeMap::new();
    let mut add = |key: String, value: String| {
        assert!(dump.insert(key, value).is_none(), "ids are unique");
    };
    for row in contacts::list(store, &all()).await.unwrap().items {
        let mut contact = row.contact;
        let id = contact.id;
        (contact.version, contact.updated_at) = (0, contact.created_at);
        add(format!("contact {id}"), format!("{contact:?}"));
        for row in identities::list_of(store, id).await.unwrap() {
            let identity = row.identity;
            add(format!("identity {}", identity.id), format!("{identity:?}"));
        }
        for consent in consents::list_of(store, id).await.unwrap() {
            add(format!("consent {}", consent.id), format!("{consent:?}"));
        }
    }
    for row in companies::list(store, &all()).await.unwrap().items {
        let mut company = row.company;
        (company.version, company.updated_at) = (0, company.created_at);
        add(format!("company {}", company.id), format!("{company:?}"));
    }
    for mut product in products::list(store, &all()).await.unwrap().items {
        product.updated_at = product.created_at;
        add(format!("product {}", product.id), format!("{product:?}"));
    }
    for mut campaign in campaigns::list(store, &all()).await.unwrap().items {
        campaign.updated_at = campaign.created_at;
        add(format!("campaign {}", campaign.id), format!("{campaign:?}"));
    }
    for row in orders::list(store, &all()).await.unwrap().items {
        let lines = orders::list_lines(store, row.order.id).await.unwrap();
        add(
            format!("order {}", row.order.id),
            format!("{row:?} {lines:?}"),
        );
    }
    for row in tickets::list(store, &all()).await.unwrap().items {
        let mut ticket = row.ticket;
        ticket.updated_at = ticket.created_at;
        add(format!("ticket {}", ticket.id), format!("{ticket:?}"));
    }
    for row in notes::list(store, &all()).await.unwrap().items {
        add(format!("note {}", row.note.id), format!("{:?}", row.note));
    }
    let said = "SELECT arrow_cast(concat(message_id, ' ', \
                coalesce(CAST(amount_minor AS VARCHAR), '')), 'Utf8') \
                AS found FROM events WHERE source = $s";
    for message in texts(workspace, said, "shop").await {
        add(format!("event {message}"), String::new());
    }
    dump
}

/// Works on the queue of a data directory and is killed at a random wait, some times.
async fn work_and_die(dir: &Path, starts: &Starts, dice: &mut Dice) {
    for _ in 0..2 {
        let workspace = open_at(dir, starts.next()).await;
        let n = 1 + dice.roll(40) as usize;
        let worker = run_worker(workspace.clone(), CancellationToken::new());
        killed_at_wait(n, Box::pin(worker)).await;
    }
}

async fn undo(workspace: &Workspace, id: ImportId) {
    let job = imports::undo(workspace, id).await.unwrap();
    let job = jobs::run_until_over(workspace, job.id, &mut |_| {}).await;
    let job = job.unwrap();
    assert_eq!(job.status, JobStatus::Done, "{:?}", job.error);
    assert_eq!(find(workspace, id).await.status, ImportStatus::Undone);
}

async fn conflicts(workspace: &Workspace, id: ImportId) -> Vec<(String, Option<String>)> {
    let page = rapport_store::imports::list_conflicts(&workspace.store, id, &all()).await;
    let conflicts = page.unwrap().items.into_iter();
    conflicts.map(|one| (one.name, one.field)).collect()
}

/// Gives some contacts that were there before a title of their own.
async fn edit(workspace: &Workspace, before: &[ContactId], dice: &mut Dice) -> Vec<ContactId> {
    let mut edited = Vec::new();
    for &id in before {
        if dice.roll(4) == 0 {
            let mut contact = contacts::find(&workspace.store, id).await.unwrap().unwrap();
            let version = contact.version;
            contact.title = Some("Countess".to_owned());
            contacts::update(&workspace.store, contact, version)
                .await
                .unwrap();
            edited.push(id);
        }
    }
    edited
}

/// Import, kill, resume, edit, undo, kill, resume: equal to what was there before, with the edits.
async fn check(seed: u64) {
    let dice = &mut Dice(seed);
    let dir = TempDir::new().unwrap();
    // Time goes on from start to start: what was queued before a kill is due after it.
    let starts = Starts::default();
    let (id, before, ids) = {
        let workspace = open_at(dir.path(), starts.next()).await;
        for _ in 0..2 {
            let (name, text) = random_file(dice);
            import_as(&workspace, "shop", name, &text).await;
        }
        let before = dump(&workspace).await;
        let people = contacts::list(&workspace.store, &all()).await.unwrap();
        let ids: Vec<_> = people.items.iter().map(|row| row.contact.id).collect();
        let (name, text) = random_file(dice);
        let upload = upload_as(&workspace, "shop", name, text.as_bytes()).await;
        let id = upload.unwrap().id;
        imports::start(&workspace, id).await.unwrap();
        (id, before, ids)
    };

    work_and_die(dir.path(), &starts, dice).await;
    let edited = {
        let workspace = open_at(dir.path(), starts.next()).await;
        let job = find(&workspace, id).await.job_id.unwrap();
        jobs::run_until_over(&workspace, job, &mut |_| {})
            .await
            .unwrap();
        let edited = edit(&workspace, &ids, dice).await;
        imports::undo(&workspace, id).await.unwrap();
        edited
    };
    work_and_die(dir.path(), &starts, dice).await;
    let workspace = open_at(dir.path(), starts.next()).await;
    if find(&workspace, id).await.status != ImportStatus::Undone {
        undo(&workspace, id).await;
    }

    let after = dump(&workspace).await;
    let mut expected = before.clone();
    for id in &edited {
        // All that a person has edited of the contact is its title.
        let row = expected.get_mut(&format!("contact {id}")).unwrap();
        let title = row.replace("title: None", "title: Some(\"Countess\")");
        *row = title.replace("title: Some(\"Engineer\")", "title: Some(\"Countess\")");
    }
    assert_eq!(after, expected, "seed {seed}");
    for (_, field) in conflicts(&workspace, id).await {
        assert_eq!(field.as_deref(), Some("title"), "seed {seed}");
    }
}

#[tokio::test]
async fn whatever_is_imported_killed_and_edited_an_undo_leaves_what_was_there_before() {
    for seed in 0..12 {
        Box::pin(check(seed)).await;
    }
}

/// What people spent by their records and by the history.
async fn spent_and_bought(workspace: &Workspace) -> (i64, i64) {
    let people = contacts::list(&workspace.store, &all()).await.unwrap();
    let spent = people.items.iter().map(|row| row.contact.total_spent_minor);
    let bought = "SELECT CAST(sum(amount_minor) AS DOUBLE) AS found FROM events \
                  WHERE source = $s AND customer_id IS NOT NULL";
    let bought = number(workspace, bought, "shop").await;
    (spent.sum(), bought as i64)
}

/// Imports three files on top of another one and takes them back in some order, killed now and then:
/// records and history agree after each, and at the end all is as it was before.
async fn check_order(seed: u64, order: [usize; 3]) {
    let dice = &mut Dice(seed);
    let dir = TempDir::new().unwrap();
    let starts = Starts::default();
    let mut ids = Vec::new();
    let before = {
        let workspace = open_at(dir.path(), starts.next()).await;
        let (name, text) = random_file(dice);
        import_as(&workspace, "shop", name, &text).await;
        let before = dump(&workspace).await;
        for _ in 0..3 {
            let (name, text) = random_file(dice);
            ids.push(import_as(&workspace, "shop", name, &text).await.id);
        }
        before
    };

    for idx in order {
        let id = ids[idx];
        {
            let workspace = open_at(dir.path(), starts.next()).await;
            imports::undo(&workspace, id).await.unwrap();
        }
        work_and_die(dir.path(), &starts, dice).await;
        let workspace = open_at(dir.path(), starts.next()).await;
        if find(&workspace, id).await.status != ImportStatus::Undone {
            undo(&workspace, id).await;
        }
        let (spent, bought) = spent_and_bought(&workspace).await;
        assert_eq!(spent, bought, "seed {seed}, {order:?} at {idx}");
    }

    let workspace = open_at(dir.path(), starts.next()).await;
    assert_eq!(dump(&workspace).await, before, "seed {seed}, {order:?}");
    for id in ids {
        let left = conflicts(&workspace, id).await;
        assert_eq!(left, [], "seed {seed}, {order:?}");
    }
}

#[tokio::test]
async fn imports_are_taken_back_in_any_order_and_leave_what_was_there_before_them() {
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for seed in 0..12 {
        Box::pin(check_order(seed, orders[seed as usize % 6])).await;
    }
}

#[tokio::test]
async fn an_import_that_was_taken_back_may_come_again_as_if_it_never_had() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = OrdersFile::new(50).csv();
    let first = import(&workspace, &text).await;

    undo(&workspace, first.id).await;
    let empty = dump(&workspace).await;
    let again = import(&workspace, &text).await;

    assert_eq!(empty, BTreeMap::new());
    assert_eq!(again.counts.unchanged, 0);
    let n_events = workspace.events().await.unwrap().n_events();
    assert_eq!(n_events, 100);
}

#[tokio::test]
async fn what_a_later_import_says_stays_in_records_and_history() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = OrdersFile::new(50).csv();
    let with_quantity = |n: u32| text.replace("PRODUCT 3,1,", &format!("PRODUCT 3,{n},"));
    import(&workspace, &text).await;
    let second = import(&workspace, &with_quantity(5)).await;
    import(&workspace, &with_quantity(9)).await;
    let before = dump(&workspace).await;

    undo(&workspace, second.id).await;

    assert_eq!(dump(&workspace).await, before);
    let told = conflicts(&workspace, second.id).await;
    assert!(!told.is_empty());
    let (spent, bought) = spent_and_bought(&workspace).await;
    assert_eq!(spent, bought);
}

#[tokio::test]
async fn a_long_import_does_not_hold_an_undo_up() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let small = import(&workspace, &OrdersFile::new(5).csv()).await;
    let large = OrdersFile::new(40_000).csv().replace("\n5", "\n7");
    let large = upload_as(&workspace, "depot", "large.csv", large.as_bytes()).await;
    let large = large.unwrap().id;
    imports::start(&workspace, large).await.unwrap();
    imports::undo(&workspace, small.id).await.unwrap();
    let stop = CancellationToken::new();
    let worker = tokio::spawn(run_worker(workspace.clone(), stop.clone()));

    while find(&workspace, small.id).await.status != ImportStatus::Undone {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let meanwhile = find(&workspace, large).await.status;
    stop.cancel();
    worker.await.unwrap();

    assert!(
        matches!(meanwhile, ImportStatus::Queued | ImportStatus::Running),
        "{meanwhile:?}"
    );
}
