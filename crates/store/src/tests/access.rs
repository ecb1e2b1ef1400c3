//! What stands between the tables and who may not see all of them.

use std::sync::Arc;

use futures::FutureExt as _;
use rapport_domain::{
    Access, Action, Company, FieldRule, ObjectKind, Reach, Role, RolePolicy, STAND_IN_NAME, UserId,
};
use sea_orm::{ConnectionTrait as _, DbBackend};
use uuid::Uuid;

use super::{TestStore, now};
use crate::sql::{self, Sql};
use crate::{ListQuery, Store, StoreConfig, companies, contacts, lens, migrations, roles, teams};

/// Tables whose `owner_id` names the keeper of a setting, or who was in charge of a record when it changed,
/// and not the colleague in charge of a record.
const OTHER_OWNERS: [&str; 3] = ["saved_views", "webhook_outbox", "webhooks"];

#[tokio::test]
async fn every_table_with_an_owner_is_guarded() {
    let store = TestStore::open().await;
    let text = match store.backend() {
        DbBackend::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.columns \
             WHERE table_schema = current_schema() AND column_name = 'owner_id'"
        }
        _ => {
            "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND p.name = 'owner_id'"
        }
    };
    let rows = Sql::of(store.backend(), text, []).all(store.reader()).await;
    let names = rows.unwrap().into_iter();
    let names: Vec<String> = names.map(|row| row.try_get("", "name").unwrap()).collect();

    assert!(names.len() > OTHER_OWNERS.len(), "{names:?}");
    for name in names {
        let is_other = OTHER_OWNERS.contains(&name.as_str());
        assert_eq!(lens::is_guarded(&name), !is_other, "{name}");
    }
}

/// The step has a lower number than some that are older.
#[tokio::test]
async fn a_database_that_has_the_later_steps_takes_this_one_in() {
    let folder = tempfile::tempdir().unwrap();
    let config = StoreConfig::in_directory(folder.path());
    let store = Store::open(&config).await.unwrap();
    let undone = store.write(|tx| {
        async move {
            for statement in [
                "DROP TABLE record_shares",
                "DROP TABLE team_members",
                "DROP TABLE teams",
                "DROP TABLE roles",
                "DROP INDEX ix_users_role_id",
                "ALTER TABLE users DROP COLUMN role_id",
                "DROP INDEX ix_companies_owner_id",
                "DELETE FROM seaql_migrations WHERE version = 'm0024_access'",
            ] {
                tx.execute_unprepared(statement).await?;
            }
            Ok(())
        }
        .boxed()
    });
    undone.await.unwrap();
    store.close().await;
    drop(store);

    let store = Store::open(&config).await.unwrap();

    assert!(roles::list(&store).await.unwrap().is_empty());
    assert!(teams::list(&store).await.unwrap().is_empty());
    let known = migrations::known(store.reader()).await.unwrap();
    assert_eq!(known, migrations::names());
}

#[tokio::test]
async fn a_role_from_before_a_rule_lets_do_no_more_than_one_that_is_made_now() {
    let store = TestStore::open().await;
    // The first versions let who saw only the own import files, and had no rules for fields.
    let policy = r#"{"objects":{"deal":{"read":"own","write":"all","delete":"own","create":true,"pool":false}},"actions":["import_files","export_records"]}"#;
    let written = store.write(move |tx| {
        async move {
            let text =
                "INSERT INTO roles (id, name, policy, created_at, version) VALUES (?, ?, ?, 0, 1)";
            let values = [
                sql::id(Uuid::from_u128(1)),
                sql::text("Old"),
                sql::text(policy),
            ];
            Sql::of(tx.get_database_backend(), text, values)
                .execute(tx)
                .await?;
            Ok(())
        }
        .boxed()
    });
    written.await.unwrap();

    let role = roles::find(&store, Uuid::from_u128(1).into())
        .await
        .unwrap()
        .unwrap();

    assert_eq!(role.policy.grant(ObjectKind::Deal).write, Reach::Own);
    assert_eq!(role.policy.actions, [Action::ExportRecords].into());
    assert!(role.policy.fields.is_empty());
}

/// The store as somebody sees it who does not see a field.
fn without(store: &TestStore, object: ObjectKind, field: &str) -> Store {
    let rules = [(field.to_owned(), FieldRule::Hidden)];
    let policy = RolePolicy {
        fields: [(object, rules.into())].into(),
        ..RolePolicy::of(Role::Viewer)
    };
    let access = Access::alone(UserId(store.id()), policy);
    store.as_seen_by(Arc::new(access))
}

#[tokio::test]
async fn names_stand_in_where_they_repeat_what_is_hidden_and_nowhere_else() {
    let store = TestStore::open().await;
    // Name, phone; whether it repeats an address, and a number.
    let cases = [
        ("Ann Example", None, false, false),
        ("ann@example.com", None, true, false),
        ("Ann <old@example.com>", Some("+4915177712345"), true, false),
        ("+4915177712345", Some("+4915177712345"), false, true),
        ("Ann +4915177712345", Some("+4915177712345"), false, true),
        ("0151 / 777-12345", None, false, true),
        ("13812345678", Some("+8613812345678"), false, true),
        ("#13812345678", None, false, true),
        ("#17850", None, false, false),
        ("Studio 54", Some("+4915177712345"), false, false),
        ("李明", Some("+8613812345678"), false, false),
    ];
    for (name, phone, ..) in cases {
        let mut contact = store.contact(name);
        contact.phone = phone.map(|phone: &str| phone.parse().unwrap());
        contacts::create(&store, contact).await.unwrap();
    }

    for (field, column) in [("email", 0), ("phone", 1), ("title", 2)] {
        let part = without(&store, ObjectKind::Contact, field);
        let query = ListQuery::default().sorted("created_at");
        let page = contacts::list(&part, &query).await.unwrap();
        let ids: Vec<_> = page.items.iter().map(|row| row.contact.id).collect();
        let found = contacts::find_many(&part, &ids).await.unwrap();
        for row in page.items {
            let whole = contacts::find(&store, row.contact.id).await.unwrap();
            let name = whole.unwrap().name;
            let case = cases.iter().find(|case| case.0 == name).unwrap();
            let repeats = [case.2, case.3, false][column];
            let expected = if repeats { STAND_IN_NAME } else { &name };
            assert_eq!(row.contact.name, expected, "{field}: {name}");
            let same = found.iter().find(|it| it.id == row.contact.id).unwrap();
            assert_eq!(same.name, expected, "{field}: {name}");
        }
    }
}

#[tokio::test]
async fn a_company_that_is_called_by_its_domain_stands_in_where_that_is_hidden() {
    let store = TestStore::open().await;
    for (name, domain) in [
        ("Acme", Some("acme.example")),
        ("Booking.example", Some("booking.example")),
        ("Other.example", None),
    ] {
        let mut company = Company::named(store.id(), name, now());
        company.domain = domain.map(str::to_owned);
        companies::create(&store, company).await.unwrap();
    }

    let part = without(&store, ObjectKind::Company, "domain");

    let page = companies::list(&part, &ListQuery::default()).await.unwrap();
    let names: Vec<_> = page.items.iter().map(|row| &*row.company.name).collect();
    assert_eq!(names, ["Acme", "Other.example", STAND_IN_NAME]);
}
