//! What a dry run says of each row is what the import then does with it, and it does nothing itself.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use rapport_domain::{JobStatus, RejectedRow};
use rapport_ingest::{Existing, Mapping};
use rapport_pipelines::{Workspace, imports, jobs};
use rapport_store::StoreError;
use rapport_store::imports::{
    self as stored, ColumnChange, DryRunRow, Import, RecordKind, Verdict,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::office::{find, import_as, open, run, upload_as};
use crate::pace::upload_random;
use crate::random::{Dice, all, any_file, dump};
use crate::related::with_pipeline;

async fn dry_run(workspace: &Workspace, import: &Import) -> Vec<DryRunRow> {
    let job = imports::start_dry_run(workspace, import.id).await.unwrap();
    let job = jobs::run_until_over(workspace, job.id, &mut |_| {}).await;
    let job = job.unwrap();
    assert_eq!(job.status, JobStatus::Done, "{:?}", job.error);
    assert_eq!(job.result.unwrap()["is_whole"], true);
    let page = stored::list_dry_run_rows(&workspace.store, import.id, &all()).await;
    page.unwrap().items
}

/// Without the identifiers of records, which are others in a dry run.
fn without_ids(text: &str) -> String {
    let words = text.split(['(', ')', ' ', ';']);
    let words = words.filter(|word| uuid::Uuid::try_parse(word).is_err());
    words.collect::<Vec<_>>().join(" ")
}

fn rejections(rows: &[DryRunRow]) -> Vec<String> {
    let rejected = rows.iter().filter_map(|row| {
        let why = row.rejection.as_ref()?;
        let message = without_ids(&why.message);
        Some(format!(
            "{} {:?} {:?} {:?} {message}",
            row.line, why.column, why.value, why.reason
        ))
    });
    rejected.collect()
}

async fn rejected(workspace: &Workspace, import: &Import) -> Vec<String> {
    let page = stored::list_rejected(&workspace.store, import.id, &all()).await;
    let rows: Vec<RejectedRow> = page.unwrap().items;
    let rows: Vec<DryRunRow> = rows.into_iter().map(DryRunRow::rejected).collect();
    rejections(&rows)
}

fn n_of(rows: &[DryRunRow], verdict: Verdict) -> u64 {
    rows.iter().filter(|row| row.verdict == verdict).count() as u64
}

/// The kind of the records that rows are about, as the journal counts it.
fn kind_of(import: &Import) -> Option<RecordKind> {
    use rapport_domain::EntityKind as E;
    Some(match import.entity? {
        E::Contacts => RecordKind::Contacts,
        E::Companies => RecordKind::Companies,
        E::Deals => RecordKind::Deals,
        E::OrderLines => RecordKind::OrderLines,
        E::Tickets => RecordKind::Tickets,
        E::Campaigns => RecordKind::Campaigns,
        E::Products => RecordKind::Products,
        _ => return None,
    })
}

/// Imports random files, and compares what a dry run says of the last one with what becomes of it.
async fn check(seed: u64) {
    let dice = &mut Dice(seed);
    let dir = TempDir::new().unwrap();
    let mut workspace = open(dir.path()).await;
    let n_rows = NonZeroUsize::new(1 + dice.roll(5) as usize).unwrap();
    workspace.import_pace.chunk_rows = n_rows;
    with_pipeline(&workspace).await;
    for _ in 0..2 {
        let (name, text) = any_file(dice);
        import_as(&workspace, "shop", name, &text).await;
    }
    let import = upload_random(&workspace, dice).await;
    let before = dump(&workspace).await;

    let rows = dry_run(&workspace, &import).await;

    assert_eq!(dump(&workspace).await, before, "seed {seed}");
    assert_eq!(find(&workspace, import.id).await.counts, import.counts);
    let kind = kind_of(&import);
    let (done, status, error) = run(&workspace, import.id).await;
    assert_eq!(status, JobStatus::Done, "{error:?}");
    let counts = &done.counts;
    assert_eq!(rows.len() as u64, counts.read, "seed {seed}");
    assert_eq!(
        rejections(&rows),
        rejected(&workspace, &done).await,
        "seed {seed}"
    );
    assert_eq!(
        n_of(&rows, Verdict::Unchanged),
        counts.unchanged,
        "seed {seed}"
    );
    let n_created = n_of(&rows, Verdict::Created);
    let effects = stored::effects(&workspace.store, import.id).await.unwrap();
    let effects = kind.map(|kind| effects.get(&kind).copied().unwrap_or_default());
    if let Some(effects) = effects {
        assert_eq!(n_created, effects.n_made, "seed {seed}");
    }
    if n_rows.get() > 1 || kind == Some(RecordKind::OrderLines) {
        // Of rows that are written together the journal keeps what is left of their changes.
        return;
    }
    let is_column = |change: &ColumnChange| {
        let beside = ["note", "merged_ids", "external_id"];
        !change.column.starts_with("consent.") && !beside.contains(&change.column.as_str())
    };
    let changed = rows.iter().filter(|row| row.changes.iter().any(is_column));
    let changed: BTreeSet<_> = changed.filter_map(|row| row.record_id).collect();
    if let Some(effects) = effects {
        assert!(changed.len() as u64 <= effects.n_changed, "seed {seed}");
    }
}

#[tokio::test]
async fn whatever_a_dry_run_says_of_a_row_the_import_does() {
    for seed in 100..112 {
        Box::pin(check(seed)).await;
    }
}

#[tokio::test]
async fn each_row_is_told_of_with_what_it_changes_and_repeats_are_not_made_twice() {
    let dir = TempDir::new().unwrap();
    let mut workspace = open(dir.path()).await;
    let known = "Customer ID,Name,Job title,Company\n1,Ada King,Clerk,Engines\n";
    import_as(&workspace, "shop", "people.csv", known).await;
    workspace.import_pace.chunk_rows = NonZeroUsize::MIN;
    let text = "Customer ID,Name,Email,Job title,Company\n\
                1,Ada King,ada@example.com,Boss,Looms\n\
                2,Bob Ray,,,\n\
                2,Bob Ray,,,\n\
                2,Bob Ray,bob@example.com,,\n\
                3,Cyd Low,nobody,,\n";
    let import = upload_as(&workspace, "shop", "more.csv", text.as_bytes()).await;
    let import = import.unwrap();
    let mut mapping: Mapping = serde_json::from_value(import.mapping.clone()).unwrap();
    mapping.existing = Existing::Replace;
    let import = imports::set_mapping(&workspace, import.id, mapping)
        .await
        .unwrap();

    let rows = dry_run(&workspace, &import).await;

    let told: Vec<(u64, Verdict, &str)> = rows
        .iter()
        .map(|row| (row.line, row.verdict, row.name.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (2, Verdict::Changed, "Ada King"),
            (3, Verdict::Created, "Bob Ray"),
            (4, Verdict::Unchanged, "Bob Ray"),
            (5, Verdict::Changed, "Bob Ray"),
            (6, Verdict::Rejected, ""),
        ]
    );
    let changes = rows[0].changes.iter();
    let changes: BTreeMap<&str, (&Value, &Value)> = changes
        .map(|change| (change.column.as_str(), (&change.before, &change.after)))
        .collect();
    assert_eq!(changes["title"], (&json!("Clerk"), &json!("Boss")));
    assert_eq!(changes["company_id"], (&json!("Engines"), &json!("Looms")));
    assert_eq!(changes["email"], (&Value::Null, &json!("ada@example.com")));
    assert!(rows[0].record_id.is_some());
    assert!(rows[1..].iter().all(|row| row.record_id.is_none()));
    let n_people = dump(&workspace).await;
    let n_people = n_people.keys().filter(|key| key.starts_with("contact "));
    assert_eq!(n_people.count(), 1);
}

#[tokio::test]
async fn another_mapping_or_the_import_itself_ends_what_a_dry_run_told() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = "Customer ID,Name\n1,Ada King\n2,Bob Ray\n";
    let import = upload_as(&workspace, "shop", "people.csv", text.as_bytes()).await;
    let import = import.unwrap();
    let mapping: Mapping = serde_json::from_value(import.mapping.clone()).unwrap();
    let n_rows = async || {
        let counted = stored::count_dry_run_rows(&workspace.store, import.id).await;
        counted.unwrap().values().sum::<u64>()
    };

    dry_run(&workspace, &import).await;
    assert_eq!(n_rows().await, 2);
    let mapped = imports::set_mapping(&workspace, import.id, mapping)
        .await
        .unwrap();
    assert_eq!((n_rows().await, mapped.dry_run_job_id), (0, None));

    dry_run(&workspace, &import).await;
    // Twice is once.
    dry_run(&workspace, &import).await;
    assert_eq!(n_rows().await, 2);
    let (done, ..) = run(&workspace, import.id).await;
    assert_eq!((n_rows().await, done.dry_run_job_id), (0, None));
    let again = imports::start_dry_run(&workspace, import.id).await;
    let Err(rapport_pipelines::PipelineError::Store(error)) = again else {
        panic!("an import that is done has no dry run");
    };
    assert!(matches!(error, StoreError::WrongState { .. }));
}

#[tokio::test]
async fn a_dry_run_that_is_started_again_follows_the_mapping_of_today() {
    let dir = TempDir::new().unwrap();
    let mut workspace = open(dir.path()).await;
    workspace.import_pace.chunk_rows = NonZeroUsize::MIN;
    let mut text = "Customer ID,Name,Job title\n".to_owned();
    (0..200).for_each(|n| text.push_str(&format!("{n},Person {n},Clerk\n")));
    let import = upload_as(&workspace, "shop", "people.csv", text.as_bytes()).await;
    let import = import.unwrap();
    let mut mapping: Mapping = serde_json::from_value(import.mapping.clone()).unwrap();
    let name = mapping.columns.iter_mut().find(|it| it.column == "Name");
    name.unwrap().field = None;
    let n_rows = async || {
        let counted = stored::count_dry_run_rows(&workspace.store, import.id).await;
        counted.unwrap().values().sum::<u64>()
    };
    let old = imports::start_dry_run(&workspace, import.id).await.unwrap();

    let observe = &mut |_: &_| {};
    let restart = async {
        while n_rows().await == 0 {
            tokio::task::yield_now().await;
        }
        let mapped = imports::set_mapping(&workspace, import.id, mapping).await;
        mapped.unwrap();
        imports::start_dry_run(&workspace, import.id).await.unwrap()
    };
    let (over, new) = tokio::join!(jobs::run_until_over(&workspace, old.id, observe), restart);

    let over = over.unwrap();
    assert_eq!(
        (over.status, over.error, over.result),
        (JobStatus::Cancelled, None, None)
    );
    assert_ne!(new.id, old.id);
    let new = jobs::run_until_over(&workspace, new.id, &mut |_| {}).await;
    assert_eq!(new.unwrap().result.unwrap()["is_whole"], true);
    let page = stored::list_dry_run_rows(&workspace.store, import.id, &all()).await;
    let rows = page.unwrap().items;
    assert_eq!(rows.len(), 200);
    assert!(rows.iter().all(|row| row.name.starts_with('#')));
}

#[tokio::test]
async fn a_line_that_would_be_rejected_makes_nothing_though_its_customer_is_new() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = "Order ID,SKU,Quantity,Order Date,Unit Price,Currency,Customer ID\n\
                A,S1,1,2025-03-01,2.00,GBP,1\n\
                A,S2,1,2025-03-01,3.00,USD,2\n";
    let import = upload_as(&workspace, "shop", "orders.csv", text.as_bytes()).await;

    let rows = dry_run(&workspace, &import.unwrap()).await;

    let told = rows.iter().map(|row| (row.line, row.verdict));
    let expected = [(2, Verdict::Created), (3, Verdict::Rejected)];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}
