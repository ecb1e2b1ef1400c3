//! What an import makes of a file does not depend on how it goes over it.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use rapport_domain::{IdGenerator, JobStatus, RejectedRow};
use rapport_ingest::{Existing, ImportMode, Mapping};
use rapport_pipelines::{Clock, Workspace, imports, jobs};
use rapport_store::contacts;
use rapport_store::imports::{Effects, Import, RecordKind};
use tempfile::TempDir;

use crate::office::{find, import_as, open, open_with, run, upload_as};
use crate::random::{Dice, all, any_file, dump};
use crate::related::with_pipeline;

/// What is left of an import beside its records.
#[derive(Debug, PartialEq)]
struct Outcome {
    counts: String,
    rejected: Vec<RejectedRow>,
    effects: BTreeMap<RecordKind, Effects>,
}

async fn outcome_of(workspace: &Workspace, import: &Import) -> Outcome {
    let store = &workspace.store;
    let rejected = rapport_store::imports::list_rejected(store, import.id, &all()).await;
    let effects = rapport_store::imports::effects(store, import.id).await;
    Outcome {
        counts: format!("{:?}", import.counts),
        rejected: rejected.unwrap().items,
        effects: effects.unwrap(),
    }
}

/// Uploads a file with a random mode.
pub(crate) async fn upload_random(workspace: &Workspace, dice: &mut Dice) -> Import {
    let (name, text) = any_file(dice);
    let mode = dice.roll(6);
    let replaces = dice.roll(3) == 0;
    let import = upload_as(workspace, "shop", name, text.as_bytes()).await;
    let import = import.unwrap();
    let mut mapping: Mapping = serde_json::from_value(import.mapping.clone()).unwrap();
    mapping.mode = match mode {
        0 => ImportMode::Create,
        1 => ImportMode::Update,
        _ => ImportMode::Both,
    };
    if replaces {
        mapping.existing = Existing::Replace;
    }
    match imports::set_mapping(workspace, import.id, mapping).await {
        Ok(import) => import,
        // Files of some kinds know no mode.
        Err(_) => import,
    }
}

/// Imports random files at a pace and takes the last one back; tells all that there is after each.
async fn story(seed: u64, is_ahead: bool) -> (Vec<Outcome>, Vec<BTreeMap<String, String>>) {
    let dice = &mut Dice(seed);
    let dir = TempDir::new().unwrap();
    let now = rapport_testing::at("2026-01-01T00:00:00Z");
    let clock = Clock::new(move || now);
    let mut workspace = open_with(dir.path(), clock, IdGenerator::new(seed)).await;
    workspace.import_pace = imports::Pace {
        chunk_rows: NonZeroUsize::new(2 + dice.roll(5) as usize).unwrap(),
        is_ahead,
    };
    with_pipeline(&workspace).await;
    let (mut outcomes, mut dumps) = (Vec::new(), Vec::new());
    let mut last = None;
    for _ in 0..4 {
        let import = upload_random(&workspace, dice).await;
        let (import, status, error) = run(&workspace, import.id).await;
        assert_eq!(status, JobStatus::Done, "seed {seed}: {error:?}");
        outcomes.push(outcome_of(&workspace, &import).await);
        dumps.push(dump(&workspace).await);
        last = Some(import.id);
    }
    let job = imports::undo(&workspace, last.unwrap()).await.unwrap();
    let job = jobs::run_until_over(&workspace, job.id, &mut |_| {}).await;
    assert_eq!(job.unwrap().status, JobStatus::Done);
    dumps.push(dump(&workspace).await);
    (outcomes, dumps)
}

#[tokio::test]
async fn making_the_next_batch_ready_while_one_is_written_changes_nothing() {
    for seed in 0..12 {
        let (outcomes, dumps) = Box::pin(story(seed, false)).await;
        let (ahead, dumps_ahead) = Box::pin(story(seed, true)).await;

        assert_eq!(ahead, outcomes, "seed {seed}");
        assert_eq!(dumps_ahead, dumps, "seed {seed}");
    }
}

/// A person changes a contact again and again while a file changes it, row by row.
#[tokio::test]
async fn an_edit_in_the_middle_of_an_import_is_kept_and_the_rows_after_it_still_count() {
    let dir = TempDir::new().unwrap();
    let mut workspace = open(dir.path()).await;
    import_as(
        &workspace,
        "shop",
        "people.csv",
        "Customer ID,Name\n1,Ada King\n",
    )
    .await;
    let people = contacts::list(&workspace.store, &all()).await.unwrap();
    let id = people.items[0].contact.id;
    workspace.import_pace.chunk_rows = NonZeroUsize::MIN;
    let mut text = "Customer ID,Name,Tags\n".to_owned();
    (0..60).for_each(|n| text.push_str(&format!("1,Ada King,tag{n}\n")));
    let import = upload_as(&workspace, "shop", "tags.csv", text.as_bytes()).await;
    let import = import.unwrap().id;

    let edits = async {
        let mut n_edits = 0;
        while find(&workspace, import).await.rows_done < 60 {
            let found = contacts::find(&workspace.store, id).await.unwrap();
            let mut contact = found.unwrap();
            let version = contact.version;
            contact.title = Some(format!("Countess {n_edits}"));
            let edited = contacts::update(&workspace.store, contact, version).await;
            n_edits += u32::from(edited.is_ok());
            tokio::task::yield_now().await;
        }
        n_edits
    };
    let ((_, status, error), n_edits) = tokio::join!(run(&workspace, import), edits);

    assert_eq!(status, JobStatus::Done, "{error:?}");
    assert!(n_edits > 0);
    let contact = contacts::find(&workspace.store, id).await.unwrap().unwrap();
    let title = format!("Countess {}", n_edits - 1);
    assert_eq!(contact.title, Some(title));
    // The row whose change an edit overtook is lost, and no other.
    assert!(!contact.tags.is_empty());
    let effects = rapport_store::imports::effects(&workspace.store, import).await;
    assert!(effects.unwrap().contains_key(&RecordKind::Contacts));
}
