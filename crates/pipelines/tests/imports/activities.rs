//! Tasks and notes: read in with what they are about, read in again, taken back.

use rapport_domain::{
    CustomField, CustomFieldKind, CustomValue, ImportStatus, JobStatus, LeftOutReason,
    LocalizedText, ObjectKind, RejectReason, Subject, TaskStatus,
};
use rapport_ingest::ImportMode;
use rapport_pipelines::{Workspace, imports, jobs};
use rapport_store::notes::NoteRow;
use rapport_store::tasks::TaskRow;
use rapport_store::{ListQuery, contacts, custom_fields, deals, notes, tasks};
use tempfile::TempDir;

use crate::office::{find, import_as, open, rejected_csv, run, upload_as};
use crate::related::with_pipeline;

const CONTACTS: &str = "\
Id,AccountId,LastName,FirstName,Email
0035g00000AbCdEAAV,0015g00000XyZaBAAV,King,Ada,ada@example.com
";

const DEALS: &str = "\
Id,AccountId,Name,StageName,CloseDate
0065g00000OpQrSAAV,0015g00000XyZaBAAV,Engine,New,2026-12-24
";

const TASKS: &str = "\
Id,WhoId,WhatId,Subject,ActivityDate,Status,Priority,OwnerId,Description
00T5g00000AaAaAEAV,0035g00000AbCdEAAV,0065g00000OpQrSAAV,Send the offer,2026-12-01,Not Started,High,,Ask for the drawing
00T5g00000BbBbBEAV,0035g00000AbCdEAAV,,Call back,2026-12-02,Completed,Normal,,
00T5g00000CcCcCEAV,,,Tidy up,2026-12-03,In Progress,Low,,
";

const NOTES: &str = "\
note id,note,contact email,deal id,created at
n1,Likes tea,ada@example.com,,2026-01-02
n2,Wants brass,,0065g00000OpQrSAAV,2026-01-03
n3,About nothing,,,2026-01-04
n4,About the unknown,,006-nobody,2026-01-05
";

async fn all_tasks(workspace: &Workspace) -> Vec<TaskRow> {
    let query = ListQuery {
        sort: rapport_store::Sort::parse_list("due_on"),
        ..ListQuery::default()
    };
    tasks::list(&workspace.store, &query).await.unwrap().items
}

async fn all_notes(workspace: &Workspace) -> Vec<NoteRow> {
    let found = notes::list(&workspace.store, &ListQuery::default()).await;
    let mut found = found.unwrap().items;
    found.sort_by(|a, b| a.note.body.cmp(&b.note.body));
    found
}

/// A workspace with a contact and a deal of the source `crm`.
async fn with_deal(dir: &TempDir) -> (Workspace, Subject, Subject) {
    let workspace = open(dir.path()).await;
    with_pipeline(&workspace).await;
    import_as(&workspace, "crm", "contacts.csv", CONTACTS).await;
    import_as(&workspace, "crm", "deals.csv", DEALS).await;
    let query = ListQuery::default();
    let people = contacts::list(&workspace.store, &query).await.unwrap();
    let found = deals::list(&workspace.store, &query).await.unwrap();
    let contact = Subject::Contact(people.items[0].contact.id);
    let deal = Subject::Deal(found.items[0].deal.id);
    (workspace, contact, deal)
}

#[tokio::test]
async fn tasks_of_salesforce_hang_on_their_deal_else_on_their_contact() {
    let dir = TempDir::new().unwrap();
    let (workspace, contact, deal) = with_deal(&dir).await;

    let import = import_as(&workspace, "crm", "tasks.csv", TASKS).await;
    let again = import_as(&workspace, "crm", "tasks.csv", TASKS).await;

    assert_eq!(import.mapping["preset"], "salesforce_tasks");
    assert_eq!((import.counts.accepted, import.counts.unchanged), (3, 0));
    assert_eq!(again.counts.unchanged, 3);
    let found = all_tasks(&workspace).await;
    let subjects: Vec<_> = found.iter().map(|row| row.task.subject).collect();
    assert_eq!(subjects, [Some(deal), Some(contact), None]);
    let statuses: Vec<_> = found.iter().map(|row| row.task.status).collect();
    assert_eq!(
        statuses,
        [TaskStatus::Open, TaskStatus::Done, TaskStatus::Open]
    );
    assert!(found[1].task.done_at.is_some());
    let told = all_notes(&workspace).await;
    assert_eq!(
        (told[0].note.body.as_str(), told[0].note.subject),
        ("Ask for the drawing", deal)
    );
}

#[tokio::test]
async fn a_task_follows_its_source_until_a_person_edits_it() {
    let dir = TempDir::new().unwrap();
    let (workspace, ..) = with_deal(&dir).await;
    import_as(&workspace, "crm", "tasks.csv", TASKS).await;
    let moved = TASKS.replace("2026-12-01,Not Started", "2026-12-11,Completed");

    let import = import_as(&workspace, "crm", "tasks.csv", &moved).await;
    assert_eq!(import.counts.unchanged, 2);
    let offer = all_tasks(&workspace).await.pop().unwrap().task;
    assert_eq!(offer.due_on.unwrap().to_string(), "2026-12-11");
    assert_eq!(offer.status, TaskStatus::Done);

    let mut edited = offer.clone();
    edited.title = "Send it by post".to_owned();
    tasks::update(&workspace.store, edited, offer.version)
        .await
        .unwrap();
    import_as(&workspace, "crm", "tasks.csv", TASKS).await;
    let found = tasks::find(&workspace.store, offer.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.title, "Send it by post");
    assert_eq!(found.status, TaskStatus::Done);
}

#[tokio::test]
async fn what_a_task_names_and_nobody_knows_is_left_out_and_said() {
    let dir = TempDir::new().unwrap();
    let (workspace, contact, _) = with_deal(&dir).await;
    let file = "\
Id,WhoId,WhatId,Subject,ActivityDate,Status,Priority,OwnerId,Description
00T5g00000AaAaAEAV,0035g00000AbCdEAAV,0065g00000Nobod,Send the offer,2026-12-01,Not Started,High,Nobody Known,
00T5g00000BbBbBEAV,0035g00000AbCdEAAV,,Call back,2026-12-02,Completed,Normal,,
";

    let import = import_as(&workspace, "crm", "tasks.csv", file).await;

    assert_eq!((import.counts.accepted, import.counts.n_rejected()), (2, 0));
    assert_eq!(import.counts.left_out[&LeftOutReason::NoSuchRecord], 2);
    let told = import.counts.first_left_out.iter();
    let told: Vec<_> = told
        .map(|it| (it.line, it.column.as_deref(), it.value.get(..12)))
        .collect();
    let expected = [
        (2, Some("OwnerId"), Some("Nobody Known")),
        (2, Some("WhatId"), Some("0065g00000No")),
    ];
    assert_eq!(told, expected);
    let found = all_tasks(&workspace).await;
    assert_eq!(found[0].task.subject, Some(contact));
}

#[tokio::test]
async fn notes_come_once_and_those_about_nothing_are_rejected_with_reasons() {
    let dir = TempDir::new().unwrap();
    let (workspace, contact, deal) = with_deal(&dir).await;

    let import = import_as(&workspace, "crm", "notes.csv", NOTES).await;
    let again = import_as(&workspace, "crm", "notes.csv", NOTES).await;

    assert_eq!(import.entity, Some(rapport_domain::EntityKind::Notes));
    assert_eq!(import.counts.accepted, 2);
    assert_eq!(import.counts.rejected[&RejectReason::UnknownReference], 2);
    assert_eq!(again.counts.unchanged, 2);
    let found = all_notes(&workspace).await;
    let told: Vec<_> = found
        .iter()
        .map(|row| (row.note.body.as_str(), row.note.subject))
        .collect();
    assert_eq!(told, [("Likes tea", contact), ("Wants brass", deal)]);
    let csv = rejected_csv(&workspace, import.id).await;
    assert!(csv.contains("names nobody and nothing"), "{csv}");
    assert!(csv.contains("006-nobody"), "{csv}");
}

#[tokio::test]
async fn tasks_and_notes_are_taken_back_and_changes_undone() {
    let dir = TempDir::new().unwrap();
    let (workspace, ..) = with_deal(&dir).await;
    let first = import_as(&workspace, "crm", "tasks.csv", TASKS).await;
    let moved = TASKS.replace("2026-12-01,Not Started", "2026-12-11,Completed");
    let second = import_as(&workspace, "crm", "tasks.csv", &moved).await;
    let noted = import_as(&workspace, "crm", "notes.csv", NOTES).await;

    let moved = "2026-12-11";
    for (id, n_tasks, n_moved, n_notes) in [
        (noted.id, 3, 1, 1),
        (second.id, 3, 0, 1),
        (first.id, 0, 0, 0),
    ] {
        let job = imports::undo(&workspace, id).await.unwrap();
        let job = jobs::run_until_over(&workspace, job.id, &mut |_| {})
            .await
            .unwrap();
        assert_eq!(job.status, JobStatus::Done, "{:?}", job.error);
        assert_eq!(find(&workspace, id).await.status, ImportStatus::Undone);
        let left = all_tasks(&workspace).await;
        assert_eq!(left.len(), n_tasks);
        let is_moved = |row: &&TaskRow| row.task.due_on.unwrap().to_string() == moved;
        assert_eq!(left.iter().filter(is_moved).count(), n_moved);
        assert_eq!(all_notes(&workspace).await.len(), n_notes);
    }
}

#[tokio::test]
async fn tasks_may_be_only_new_or_only_known() {
    let dir = TempDir::new().unwrap();
    let (workspace, ..) = with_deal(&dir).await;

    let update = upload_as(&workspace, "crm", "tasks.csv", TASKS.as_bytes())
        .await
        .unwrap();
    let mut mapping: rapport_ingest::Mapping = serde_json::from_value(update.mapping).unwrap();
    mapping.mode = ImportMode::Update;
    imports::set_mapping(&workspace, update.id, mapping)
        .await
        .unwrap();
    let (import, ..) = run(&workspace, update.id).await;

    assert_eq!(import.counts.rejected[&RejectReason::NoSuchRecord], 3);
    assert!(all_tasks(&workspace).await.is_empty());
}

/// A field of tasks or deals whose values are each one record's alone.
async fn with_field(workspace: &Workspace, object: ObjectKind, key: &str) {
    let now = workspace.clock.now();
    let (id, label) = (workspace.ids.next(now), LocalizedText::new(key, key));
    let mut field = CustomField::new(id, object, key, label, CustomFieldKind::Text, now);
    field.is_unique = true;
    custom_fields::create(&workspace.store, field)
        .await
        .unwrap();
}

#[tokio::test]
async fn custom_values_of_tasks_and_deals_follow_their_source_and_are_taken_back() {
    let dir = TempDir::new().unwrap();
    let (workspace, ..) = with_deal(&dir).await;
    with_field(&workspace, ObjectKind::Task, "room").await;
    with_field(&workspace, ObjectKind::Deal, "contract").await;
    let of_tasks = "task id,task,due date,custom.room\nt1,Call,2026-12-01,Attic\n\
        t2,Write,2026-12-02,Attic\n";
    let of_deals = "deal id,deal name,deal stage,custom.contract\nd1,Engine,New,K-1\n";

    let first = import_as(&workspace, "crm", "tasks.csv", of_tasks).await;
    import_as(&workspace, "crm", "deals.csv", of_deals).await;
    let moved = "task id,task,due date,custom.room\nt1,Call,2026-12-01,Hall\n";
    let second = import_as(&workspace, "crm", "tasks.csv", moved).await;
    import_as(
        &workspace,
        "crm",
        "deals.csv",
        &of_deals.replace("K-1", "K-2"),
    )
    .await;

    // The second task wants the first one's value.
    assert_eq!(first.counts.rejected[&RejectReason::Clash], 1);
    let text = |text: &str| Some(CustomValue::Text(text.to_owned()));
    let room = |found: &[TaskRow]| found[0].task.custom.get("room").cloned();
    let tasks = all_tasks(&workspace).await;
    assert_eq!((tasks.len(), room(&tasks)), (1, text("Hall")));
    let found = deals::list(&workspace.store, &ListQuery::default()).await;
    let contracts = found.unwrap().items.into_iter();
    let contracts = contracts.filter_map(|row| row.deal.custom.get("contract").cloned());
    assert_eq!(contracts.collect::<Vec<_>>(), [text("K-2").unwrap()]);

    let job = imports::undo(&workspace, second.id).await.unwrap();
    jobs::run_until_over(&workspace, job.id, &mut |_| {})
        .await
        .unwrap();
    let tasks = all_tasks(&workspace).await;
    assert_eq!((tasks.len(), room(&tasks)), (1, text("Attic")));
}
