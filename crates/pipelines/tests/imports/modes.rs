//! What rows may do to records that are here already.

use rapport_domain::{Contact, RejectReason, RejectedRow};
use rapport_ingest::{Existing, ImportMode, Mapping};
use rapport_pipelines::{Workspace, imports};
use rapport_store::imports::Import;
use rapport_store::{ListQuery, companies, contacts};
use tempfile::TempDir;

use crate::office::{import_as, open, run, upload_as};

const PEOPLE: &str = "Customer ID,Name,Email,Job title,Company\n\
                      1,Ada King,ada@example.com,Clerk,Acme\n\
                      2,Bob Ray,bob@example.com,,\n";

/// Imports a file of people with changes to its mapping.
async fn import_with(
    workspace: &Workspace,
    text: &str,
    change: impl FnOnce(&mut Mapping),
) -> Import {
    let import = upload_as(workspace, "shop", "people.csv", text.as_bytes()).await;
    let import = import.unwrap();
    let mut mapping: Mapping = serde_json::from_value(import.mapping.clone()).unwrap();
    change(&mut mapping);
    imports::set_mapping(workspace, import.id, mapping)
        .await
        .unwrap();
    run(workspace, import.id).await.0
}

async fn rejected(workspace: &Workspace, import: &Import) -> Vec<RejectedRow> {
    let query = ListQuery::default();
    let page = rapport_store::imports::list_rejected(&workspace.store, import.id, &query).await;
    page.unwrap().items
}

async fn people(workspace: &Workspace) -> Vec<Contact> {
    let page = contacts::list(&workspace.store, &ListQuery::default()).await;
    let mut people: Vec<Contact> = page
        .unwrap()
        .items
        .into_iter()
        .map(|it| it.contact)
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    people
}

async fn n_companies(workspace: &Workspace) -> usize {
    let page = companies::list(&workspace.store, &ListQuery::default()).await;
    page.unwrap().items.len()
}

#[tokio::test]
async fn a_file_that_may_only_create_leaves_known_people_alone_and_names_them() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "shop", "people.csv", PEOPLE).await;
    let before = people(&workspace).await;
    let text = "Customer ID,Name,Email,Job title,Company\n\
                1,Ada King,ada@example.com,Boss,Globex\n\
                3,Cyd Low,cyd@example.com,,\n\
                4,Cyd Low,cyd@example.com,Cook,\n";

    let import = import_with(&workspace, text, |it| it.mode = ImportMode::Create).await;

    assert_eq!((import.counts.accepted, import.counts.n_rejected()), (1, 2));
    let rejected = rejected(&workspace, &import).await;
    assert!(
        rejected
            .iter()
            .all(|row| row.reason == RejectReason::ExistsAlready)
    );
    let ada = format!("the contact \"Ada King\" ({})", before[0].id);
    assert!(rejected[0].message.contains(&ada), "{:?}", rejected[0]);
    assert!(rejected[1].message.contains("line 3"), "{:?}", rejected[1]);
    let after = people(&workspace).await;
    assert_eq!(after[..2], before[..]);
    assert_eq!((after.len(), after[2].name.as_str()), (3, "Cyd Low"));
    assert_eq!(after[2].title, None);
    assert_eq!(n_companies(&workspace).await, 1);
}

#[tokio::test]
async fn a_file_that_may_only_update_makes_nothing_new() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "shop", "people.csv", PEOPLE).await;
    let text = "Customer ID,Name,Email,Job title,Company,Owner\n\
                2,Bob Ray,bob@example.com,Cook,ACME,\n\
                3,Cyd Low,cyd@example.com,,,\n\
                1,Ada King,ada@example.com,,Globex,\n\
                1,Ada King,ada@example.com,,,Nobody\n";

    let import = import_with(&workspace, text, |it| it.mode = ImportMode::Update).await;

    assert_eq!(import.counts.accepted, 1);
    let rejected = rejected(&workspace, &import).await;
    let told: Vec<_> = rejected
        .iter()
        .map(|row| {
            (
                row.line,
                row.reason,
                row.column.as_deref(),
                row.value.as_deref(),
            )
        })
        .collect();
    let expected = [
        (3, RejectReason::NoSuchRecord, None, Some("Cyd Low")),
        (
            4,
            RejectReason::UnknownReference,
            Some("Company"),
            Some("Globex"),
        ),
        (
            5,
            RejectReason::UnknownReference,
            Some("Owner"),
            Some("Nobody"),
        ),
    ];
    assert_eq!(told, expected);
    let people = people(&workspace).await;
    assert_eq!(people.len(), 2);
    assert_eq!(people[1].title.as_deref(), Some("Cook"));
    assert_eq!(people[1].company_id, people[0].company_id);
    assert_eq!(n_companies(&workspace).await, 1);
}

#[tokio::test]
async fn values_are_replaced_where_the_mapping_says_so_and_empty_cells_replace_nothing() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "shop", "people.csv", PEOPLE).await;
    let text = "Customer ID,Name,Email,Job title,Company\n\
                1,Ada Byron,ada@byron.example,Boss,Globex\n\
                2,Bob Ray,,,\n";

    let filled = import_with(&workspace, text, |_| ()).await;
    let after_fill = people(&workspace).await;
    let replaced = import_with(&workspace, text, |mapping| {
        mapping.existing = Existing::Replace;
        let company = mapping.columns.iter_mut().find(|it| it.column == "Company");
        company.unwrap().replace = Some(false);
    })
    .await;
    let after_replace = people(&workspace).await;

    assert_eq!(filled.counts.unchanged, 2);
    assert_eq!(after_fill[0].title.as_deref(), Some("Clerk"));
    assert_eq!(
        (replaced.counts.accepted, replaced.counts.unchanged),
        (2, 1)
    );
    let ada = &after_replace[0];
    assert_eq!(ada.id, after_fill[0].id);
    assert_eq!(ada.name, "Ada Byron");
    assert_eq!(ada.last_name.as_deref(), Some("Byron"));
    assert_eq!(ada.email.as_ref().unwrap().as_str(), "ada@byron.example");
    assert_eq!(ada.title.as_deref(), Some("Boss"));
    assert_eq!(ada.company_id, after_fill[0].company_id);
    assert_eq!(after_replace[1], after_fill[1]);
}

#[tokio::test]
async fn what_a_person_typed_stays_unless_replacing_was_asked_for() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "shop", "people.csv", PEOPLE).await;
    let mut ada = people(&workspace).await.remove(0);
    ada.title = Some("Countess".to_owned());
    let version = ada.version;
    contacts::update(&workspace.store, ada, version)
        .await
        .unwrap();

    import_with(&workspace, PEOPLE, |_| ()).await;
    let kept = people(&workspace).await.remove(0).title;
    import_with(&workspace, PEOPLE, |it| it.existing = Existing::Replace).await;
    let replaced = people(&workspace).await.remove(0).title;

    assert_eq!(kept.as_deref(), Some("Countess"));
    assert_eq!(replaced.as_deref(), Some("Clerk"));
}

#[tokio::test]
async fn an_address_that_is_another_contacts_is_a_clash_that_names_it() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "shop", "people.csv", PEOPLE).await;
    let before = people(&workspace).await;
    let text = "Customer ID,Name,Email\n1,Ada King,bob@example.com\n2,Bob Ray,bob@example.com\n";

    let import = import_with(&workspace, text, |it| it.existing = Existing::Replace).await;

    let rejected = rejected(&workspace, &import).await;
    let [clash] = rejected.as_slice() else {
        panic!("one clash expected, not {rejected:?}");
    };
    assert_eq!((clash.line, clash.reason), (2, RejectReason::Clash));
    assert_eq!(clash.column.as_deref(), Some("Email"));
    let bob = format!("the contact \"Bob Ray\" ({})", before[1].id);
    assert!(clash.message.contains(&bob), "{clash:?}");
    assert_eq!(people(&workspace).await, before);
}

#[tokio::test]
async fn companies_products_tickets_and_campaigns_have_modes_too() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let files = [
        ("Company Name,Industry\nAcme,Tools\n", "company \"Acme\""),
        (
            "SKU,Title,Product Type,Variant Price,Currency\nMUG-1,Mug,Kitchen,2.50,GBP\n",
            "product \"Mug\"",
        ),
        (
            "Ticket ID,Subject,Description,Status,Priority\n7,Broken mug,It broke,open,high\n",
            "ticket \"Broken mug\"",
        ),
        (
            "Campaign ID,Name,Channel,Status,Starts at\n9,Spring,email,running,2025-06-01\n",
            "campaign \"Spring\"",
        ),
    ];
    for (text, name) in files {
        let unknown = import_with(&workspace, text, |it| it.mode = ImportMode::Update).await;
        let made = import_with(&workspace, text, |it| it.mode = ImportMode::Create).await;
        let again = import_with(&workspace, text, |it| it.mode = ImportMode::Create).await;
        let known = import_with(&workspace, text, |it| it.mode = ImportMode::Update).await;

        let reasons = |import: &Import| import.counts.rejected.clone();
        assert_eq!(reasons(&unknown)[&RejectReason::NoSuchRecord], 1, "{name}");
        assert_eq!(made.counts.accepted, 1, "{name}");
        assert_eq!(reasons(&again)[&RejectReason::ExistsAlready], 1, "{name}");
        assert_eq!(known.counts.accepted, 1, "{name}");
        let message = &rejected(&workspace, &again).await[0].message;
        assert!(message.contains(name), "{message}");
    }
}
