//! Records with what they refer to, in one go: contacts with companies, deals with both.

use rapport_domain::{
    Company, ImportId, JobStatus, MatchRule, Pipeline, PipelineId, Stage, StageId, StageOutcome,
};
use rapport_pipelines::{Workspace, imports, jobs};
use rapport_store::{ListQuery, companies, contacts, deals, identities, pipelines};
use tempfile::TempDir;
use uuid::Uuid;

use crate::office::{find, import_as, open, rejected_csv, run, upload_as};

const CONTACTS: &str = "\
Record ID,First Name,Last Name,Email,Contact owner,Associated Company,Associated Company IDs,Merged Contact IDs
501,Ada,King,ada@example.com,,Engines Ltd,9001,77;78
502,Bob,Ray,bob@example.com,,Engines Ltd,9002,
503,Eve,Low,eve@example.com,,,9003,
";

const COMPANIES: &str = "\
Record ID,Company name,Company Domain Name,Industry
9001,Engines Limited,engines.example,Machinery
9003,Looms Ltd,looms.example,Textiles
";

const DEALS: &str = "\
Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Associated Contact IDs,Associated Company IDs
1,Engine,New,Imported,100.00,2026-03-04,501,9001
2,Loom,Demo,Imported,50.00,,503,9003
3,Spare parts,Closed Won,Imported,25.00,,78,9001
";

async fn with_pipeline(workspace: &Workspace) {
    use StageOutcome::{Lost, Open, Won};
    let stages = [("New", Open), ("Sold", Won), ("Gone", Lost)];
    let stages = stages.iter().zip(1..).map(|((name, outcome), n)| Stage {
        id: StageId(Uuid::from_u128(n)),
        name: (*name).to_owned(),
        outcome: *outcome,
        probability: 0.5,
    });
    let pipeline = Pipeline {
        id: PipelineId(Uuid::from_u128(100)),
        name: "Imported".to_owned(),
        stages: stages.collect(),
        version: 1,
    };
    pipelines::create(&workspace.store, pipeline, workspace.clock.now())
        .await
        .unwrap();
}

async fn all_companies(workspace: &Workspace) -> Vec<Company> {
    let found = companies::list(&workspace.store, &ListQuery::default()).await;
    let found = found.unwrap().items.into_iter();
    found.map(|row| row.company).collect()
}

async fn all_deals(workspace: &Workspace) -> Vec<deals::DealRow> {
    let query = ListQuery::default();
    let mut found = deals::list(&workspace.store, &query).await.unwrap().items;
    found.sort_by(|a, b| a.deal.name.cmp(&b.deal.name));
    found
}

async fn undo(workspace: &Workspace, id: ImportId) {
    let job = imports::undo(workspace, id).await.unwrap();
    let job = jobs::run_until_over(workspace, job.id, &mut |_| {})
        .await
        .unwrap();
    assert_eq!(job.status, JobStatus::Done, "{:?}", job.error);
}

#[tokio::test]
async fn a_company_is_found_again_by_its_key_whatever_it_is_called() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;

    import_as(&workspace, "hubspot", "contacts.csv", CONTACTS).await;
    let before = all_companies(&workspace).await;
    import_as(&workspace, "hubspot", "companies.csv", COMPANIES).await;

    // Two keys are two companies, though of one name; a company known by key alone gets its name.
    let mut names: Vec<_> = before.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["#9003", "Engines Ltd", "Engines Ltd"]);
    let after = all_companies(&workspace).await;
    assert_eq!(after.len(), 3);
    let looms = after.iter().find(|it| it.name == "Looms Ltd").unwrap();
    assert_eq!(looms.domain.as_deref(), Some("looms.example"));
    let eve = ListQuery {
        search: Some("eve@example.com".to_owned()),
        ..ListQuery::default()
    };
    let eve = contacts::list(&workspace.store, &eve).await.unwrap().items;
    assert_eq!(eve[0].contact.company_id, Some(looms.id));
}

#[tokio::test]
async fn a_company_that_stays_is_found_again_by_its_key_after_its_file_was_taken_back() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let first = import_as(&workspace, "hubspot", "companies.csv", COMPANIES).await;
    let engines = all_companies(&workspace).await;
    let engines = engines.into_iter().find(|it| it.name.starts_with("Eng"));
    let mut engines = engines.unwrap();
    (engines.name, engines.domain) = ("Engines Holding".to_owned(), None);
    let version = engines.version;
    companies::update(&workspace.store, engines.clone(), version)
        .await
        .unwrap();

    undo(&workspace, first.id).await;
    assert_eq!(all_companies(&workspace).await.len(), 1);
    import_as(&workspace, "hubspot", "companies.csv", COMPANIES).await;

    let after = all_companies(&workspace).await;
    let mut names: Vec<_> = after.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Engines Holding", "Looms Ltd"]);
}

#[tokio::test]
async fn deals_come_with_contact_and_company_and_into_the_stage_of_their_name() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    with_pipeline(&workspace).await;
    import_as(&workspace, "hubspot", "contacts.csv", CONTACTS).await;

    let first = import_as(&workspace, "hubspot", "deals.csv", DEALS).await;
    let again = import_as(&workspace, "hubspot", "deals.csv", DEALS).await;

    assert_eq!((first.counts.accepted, first.counts.n_rejected()), (2, 1));
    assert_eq!(again.counts.unchanged, 2);
    let csv = rejected_csv(&workspace, first.id).await;
    assert!(csv.contains("New, Sold, Gone"), "{csv}");
    let found = all_deals(&workspace).await;
    let [engine, parts] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(engine.contact.as_ref().unwrap().name, "Ada King");
    assert_eq!(engine.company.as_ref().unwrap().name, "Engines Ltd");
    assert_eq!(engine.stage.as_ref().unwrap().name, "New");
    assert_eq!(engine.deal.amount.unwrap().amount_minor, 10_000);
    // The contact that HubSpot had merged into Ada is Ada.
    assert_eq!(parts.contact.as_ref().unwrap().name, "Ada King");
    assert_eq!(parts.stage.as_ref().unwrap().name, "Sold");
}

#[tokio::test]
async fn a_deal_follows_its_source_until_a_person_edits_it() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    with_pipeline(&workspace).await;
    import_as(&workspace, "hubspot", "deals.csv", DEALS).await;
    let moved = DEALS.replace("Engine,New", "Engine,Closed Lost");
    import_as(&workspace, "hubspot", "deals.csv", &moved).await;
    let engine = all_deals(&workspace).await.remove(0);
    assert_eq!(engine.stage.as_ref().unwrap().name, "Gone");

    let mut edited = engine.deal.clone();
    edited.name = "Big engine".to_owned();
    let version = edited.version;
    deals::update(&workspace.store, edited, version)
        .await
        .unwrap();
    let kept = import_as(&workspace, "hubspot", "deals.csv", DEALS).await;

    assert_eq!(kept.counts.unchanged, 2);
    assert_eq!(all_deals(&workspace).await[0].deal.name, "Big engine");
}

#[tokio::test]
async fn deals_and_companies_are_taken_back_with_their_keys() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    with_pipeline(&workspace).await;
    import_as(&workspace, "hubspot", "contacts.csv", CONTACTS).await;
    let n_before = all_companies(&workspace).await.len();
    let first = import_as(&workspace, "hubspot", "deals.csv", DEALS).await;
    let deals_before = all_deals(&workspace).await;
    let moved = DEALS.replace("Engine,New,Imported,100", "Engine,Sold,Imported,200");
    let second = import_as(&workspace, "hubspot", "deals.csv", &moved).await;

    undo(&workspace, second.id).await;
    let restored = all_deals(&workspace).await;
    assert_eq!(restored[0].deal.amount, deals_before[0].deal.amount);
    assert_eq!(restored[0].deal.stage_id, deals_before[0].deal.stage_id);

    undo(&workspace, first.id).await;
    assert!(all_deals(&workspace).await.is_empty());
    assert_eq!(all_companies(&workspace).await.len(), n_before);

    let again = import_as(&workspace, "hubspot", "deals.csv", DEALS).await;
    assert_eq!((again.counts.accepted, again.counts.unchanged), (2, 0));
}

#[tokio::test]
async fn deals_that_a_later_file_tells_again_stay_until_that_is_taken_back() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    with_pipeline(&workspace).await;
    let first = import_as(&workspace, "hubspot", "deals.csv", DEALS).await;
    let n_deals = all_deals(&workspace).await.len();
    let again = import_as(&workspace, "hubspot", "again.csv", DEALS).await;
    assert_eq!(again.counts.unchanged as usize, n_deals);

    undo(&workspace, first.id).await;
    assert_eq!(all_deals(&workspace).await.len(), n_deals);

    undo(&workspace, again.id).await;
    assert!(all_deals(&workspace).await.is_empty());
}

#[tokio::test]
async fn past_merges_are_identities_of_their_contact_and_go_with_an_undo() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;

    let first = import_as(&workspace, "hubspot", "contacts.csv", CONTACTS).await;
    let again = import_as(&workspace, "hubspot", "contacts.csv", CONTACTS).await;

    assert_eq!(again.counts.unchanged, 3);
    let found = contacts::list(&workspace.store, &ListQuery::default()).await;
    let found = found.unwrap().items;
    let ada = found.iter().find(|row| row.contact.name == "Ada King");
    let ada = ada.unwrap().contact.id;
    let known = identities::list_of(&workspace.store, ada).await.unwrap();
    let rules = known.iter().map(|it| it.identity.rule);
    let merged = rules.filter(|rule| *rule == MatchRule::MergedAtSource);
    assert_eq!(merged.count(), 2);

    undo(&workspace, again.id).await;
    undo(&workspace, first.id).await;
    let left = contacts::list(&workspace.store, &ListQuery::default()).await;
    assert!(left.unwrap().items.is_empty());
    assert!(all_companies(&workspace).await.is_empty());
}

#[tokio::test]
async fn a_preset_is_chosen_and_dropped_before_the_import_runs() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let import = upload_as(&workspace, "hubspot", "contacts.csv", CONTACTS.as_bytes())
        .await
        .unwrap();
    assert_eq!(import.mapping["preset"], "hubspot_contacts");

    let dropped = imports::set_preset(&workspace, import.id, None)
        .await
        .unwrap();
    assert!(dropped.mapping.get("preset").is_none());
    let wrong = imports::set_preset(&workspace, import.id, Some("hubspots")).await;
    let said = wrong.unwrap_err().to_string();
    assert!(said.contains("hubspot_contacts"), "{said}");
    let chosen = imports::set_preset(&workspace, import.id, Some("hubspot_contacts")).await;
    assert_eq!(chosen.unwrap().mapping["preset"], "hubspot_contacts");

    run(&workspace, import.id).await;
    assert_eq!(find(&workspace, import.id).await.counts.accepted, 3);
    let over = imports::set_preset(&workspace, import.id, None).await;
    assert!(over.is_err());
}
