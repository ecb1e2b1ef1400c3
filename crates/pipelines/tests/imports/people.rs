//! Who people are, and what files add to what is known of them.

use rapport_domain::{Channel, Consent, ConsentStatus, Contact, Purpose, UserId};
use rapport_store::users::{self, NewUser};
use rapport_store::{ListQuery, companies, consents, contacts, identities, notes};
use tempfile::TempDir;

use crate::office::{import_as, open};

#[tokio::test]
async fn one_person_in_two_sources_is_one_contact() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let shop = "Customer ID,First Name,Last Name,Email,Phone\n1,Ada,King,ada@example.com,+44 7700 900123\n2,Bob,Ray,bob@example.com,\n";
    let book = "客户编号,姓名,手机,邮箱,公司名称\nK7,王芳,+86 13812345678,ADA@example.com,星河科技\nK8,李强,+44 7700 900123,,云图数据\n";

    import_as(&workspace, "shop", "shop.csv", shop).await;
    import_as(&workspace, "book", "book.csv", book).await;

    let found = contacts::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let names: Vec<_> = found
        .items
        .iter()
        .map(|row| row.contact.name.as_str())
        .collect();
    assert_eq!(found.items.len(), 2, "{names:?}");
    let ada = found
        .items
        .iter()
        .find(|row| row.contact.name.contains("Ada"))
        .unwrap();
    assert_eq!(ada.company.as_ref().unwrap().name, "星河科技");
}

/// The only contact with this name.
async fn contact(workspace: &rapport_pipelines::Workspace, name: &str) -> Contact {
    let found = contacts::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let mut named = found.items.into_iter().map(|row| row.contact);
    let contact = named.find(|contact| contact.name == name).unwrap();
    assert!(
        named.all(|contact| contact.name != name),
        "{name} is there twice"
    );
    contact
}

#[tokio::test]
async fn companies_are_one_whatever_their_case_and_whichever_file_names_them() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let of_own = "Company ID,Company Name,Domain,Industry\n1,Acme Ltd,,Tools\n2,星河科技,,\n";
    let of_contacts = "Customer ID,Name,Email,Company\n\
                       1,Ada King,ada@example.com,  ACME   ltd \n\
                       2,Bob Ray,bob@example.com,Acme Ltd\n\
                       3,王芳,wang@example.com,星河科技\n\
                       4,Eve Low,eve@example.com,Northwind\n\
                       5,Joe Low,joe@example.com,NorthWind\n";

    import_as(&workspace, "sales", "companies.csv", of_own).await;
    import_as(&workspace, "shop", "customers.csv", of_contacts).await;
    let completed = of_own.replace("Acme Ltd,,Tools", "ACME LTD,acme.example,Steel");
    let again = import_as(&workspace, "sales", "companies.csv", &completed).await;

    let found = companies::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let found: Vec<_> = found
        .items
        .iter()
        .map(|row| (row.company.name.as_str(), row.n_contacts))
        .collect();
    assert_eq!(found, [("Acme Ltd", 2), ("Northwind", 2), ("星河科技", 1)]);
    assert_eq!(again.counts.unchanged, 1);
    // What was empty is filled and what was there stays.
    let acme = companies::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap()
        .items
        .remove(0)
        .company;
    assert_eq!(acme.domain.as_deref(), Some("acme.example"));
    assert_eq!(acme.industry.as_deref(), Some("Tools"));
}

#[tokio::test]
async fn contacts_with_nothing_but_a_name_are_made_once() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let text = "Name,Company,Job Title\nAda King,Acme,Engineer\nAda King,Northwind,\nBob Ray,,\n";

    let first = import_as(&workspace, "fair", "visitors.csv", text).await;
    let again = import_as(&workspace, "fair", "visitors.csv", text).await;

    let found = contacts::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let mut names: Vec<_> = found
        .items
        .iter()
        .map(|row| row.contact.name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["Ada King", "Ada King", "Bob Ray"]);
    assert_eq!((first.counts.accepted, first.counts.unchanged), (3, 0));
    assert_eq!(again.counts.unchanged, 3);
}

#[tokio::test]
async fn orders_tell_what_a_contact_lacks_and_never_replace_what_it_has() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(
        &workspace,
        "shop",
        "orders.csv",
        "Order ID,SKU,Quantity,Order Date,Unit Price,Customer ID\nA,S1,1,2025-03-01,2.00,7\n",
    )
    .await;
    let named = "Order ID,SKU,Quantity,Order Date,Unit Price,Customer ID,Customer Name,Customer Email\n\
                 B,S1,1,2025-03-02,2.00,7,Ada King,ada@example.com\n\
                 C,S1,1,2025-03-03,2.00,7,Someone Else,else@example.com\n";

    import_as(&workspace, "shop", "orders.csv", named).await;
    // Another source knows her by the address alone.
    import_as(
        &workspace,
        "news",
        "readers.csv",
        "Email,Name\nada@example.com,A. King\n",
    )
    .await;

    let ada = contact(&workspace, "Ada King").await;
    assert_eq!(ada.email.as_ref().unwrap().as_str(), "ada@example.com");
    let known = identities::list_of(&workspace.store, ada.id).await.unwrap();
    let emails: Vec<_> = known
        .iter()
        .map(|row| row.identity.email.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(emails, ["ada@example.com", "ada@example.com"]);
    let found = contacts::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    assert_eq!(found.items.len(), 1);
}

const BOOK: &str = "Customer ID,Name,Email,Accepts Email Marketing,Accepts SMS Marketing,Note,Owner,Created at\n\
                    1,Ada King,ada@example.com,yes,no,Met at the fair,Olga Orr,2024-05-06\n\
                    2,Bob Ray,bob@example.com,no,,,nobody,2024-05-07\n";

#[tokio::test]
async fn consents_notes_owners_and_dates_of_a_contact_file_are_kept_and_added_once() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    let now = rapport_testing::at("2025-12-01T00:00:00Z");
    let olga = NewUser {
        id: UserId(uuid::Uuid::from_u128(77)),
        email: "olga@example.com".parse().unwrap(),
        name: "Olga Orr".to_owned(),
        password: "correct horse battery".to_owned(),
        role: rapport_domain::Role::Member,
        language: rapport_domain::Language::En,
    };
    let olga = users::create(&workspace.store, olga, now).await.unwrap();

    import_as(&workspace, "shop", "customers.csv", BOOK).await;
    let again = import_as(&workspace, "shop", "customers.csv", BOOK).await;

    assert_eq!(again.counts.unchanged, 2);
    let ada = contact(&workspace, "Ada King").await;
    assert_eq!(ada.owner_id, Some(olga.id));
    assert_eq!(ada.created_at.to_string(), "2024-05-06T00:00:00Z");
    let stated = consents::list_of(&workspace.store, ada.id).await.unwrap();
    assert_eq!(stated.len(), 2);
    assert!(Consent::allows(&stated, Purpose::Marketing, Channel::Email));
    assert!(!Consent::allows(&stated, Purpose::Marketing, Channel::Sms));
    let noted = notes::list(&workspace.store, &ListQuery::default())
        .await
        .unwrap();
    let bodies: Vec<_> = noted.items.iter().map(|row| &row.note.body).collect();
    assert_eq!(bodies, ["Met at the fair"]);
    let bob = contact(&workspace, "Bob Ray").await;
    assert_eq!(bob.owner_id, None);
}

#[tokio::test]
async fn an_old_export_does_not_undo_what_a_person_has_told_us_since() {
    let dir = TempDir::new().unwrap();
    let workspace = open(dir.path()).await;
    import_as(&workspace, "shop", "customers.csv", BOOK).await;
    let ada = contact(&workspace, "Ada King").await;
    let bob = contact(&workspace, "Bob Ray").await;
    for (contact, status) in [
        (&ada, ConsentStatus::Withdrawn),
        (&bob, ConsentStatus::Granted),
    ] {
        let told = Consent {
            id: workspace.ids.next(workspace.clock.now()),
            contact_id: contact.id,
            purpose: Purpose::Marketing,
            channel: Some(Channel::Email),
            status,
            source: "preference page".to_owned(),
            stated_at: workspace.clock.now(),
        };
        consents::create(&workspace.store, told).await.unwrap();
    }

    import_as(&workspace, "shop", "customers.csv", BOOK).await;

    let of_ada = consents::list_of(&workspace.store, ada.id).await.unwrap();
    assert!(!Consent::allows(
        &of_ada,
        Purpose::Marketing,
        Channel::Email
    ));
    // To withdraw is possible for everybody at any time.
    let of_bob = consents::list_of(&workspace.store, bob.id).await.unwrap();
    assert!(!Consent::allows(
        &of_bob,
        Purpose::Marketing,
        Channel::Email
    ));
}
