//! What no merge that nobody looks at oversteps: merges that were taken back, sources that hold each person
//! once, groups, and what has changed since pairs were found.

use std::collections::HashMap;
use std::time::Duration;

use rapport_domain::{
    Actor, ApiKeyId, AuditObject, Author, Contact, ContactId, JobStatus, SourceId,
};
use rapport_pipelines::{Workspace, jobs, matching};
use rapport_store::api_keys::{self, ApiKey, NewApiKey};
use rapport_store::identity_log::{self, Merge, Unmerge};
use rapport_store::jobs::{self as queue, Job, LeasedJob};
use rapport_store::match_pairs::{
    self, Acceptance, Agreement, Evidence, MatchRun, NewPair, NewRun,
};
use rapport_store::settings::{self, MatchingSettings};
use rapport_store::{ListQuery, audit, contacts, sources};

use crate::company::{Company, is_there};
use crate::decisions::acceptance;

/// A contact that is found in the shop under a number, and what it is called.
const PEOPLE: &str = "Customer ID,Name,Email\n1,Ada King,ada@example.com\n2,Ada Kinge,ada.k@example.com\n\
                      3,A. King,a.king@example.com\n4,Ada Q. King,ada.q@example.com\n";

/// Four people of one source, in the order of their lines.
async fn with_people() -> (Company, Vec<ContactId>) {
    let company = Company::open().await;
    company
        .import("people.csv", "desk", PEOPLE.as_bytes())
        .await;
    let mut people = Vec::new();
    for name in ["Ada King", "Ada Kinge", "A. King", "Ada Q. King"] {
        people.push(named(&company, name).await.id);
    }
    (company, people)
}

async fn named(company: &Company, name: &str) -> Contact {
    let all = company.all_contacts().await.into_iter();
    let mut found = all.filter(|contact| contact.name == name);
    found.next().unwrap()
}

/// A pair as a run of the matcher finds it.
struct Told {
    pair: (ContactId, ContactId),
    probability: f64,
    is_grouped: bool,
}

fn told(one: ContactId, other: ContactId, probability: f64) -> Told {
    Told {
        pair: (one, other),
        probability,
        is_grouped: true,
    }
}

/// Claims the search that is queued, for a moment.
async fn claim(company: &Company) -> Option<LeasedJob> {
    let now = company.workspace.clock.now();
    let store = &company.workspace.store;
    let leased = queue::claim(store, &["matching"], now, Duration::ZERO).await;
    leased.unwrap()
}

/// Publishes pairs as the next run of the matcher would; the job goes on from there.
async fn publish(company: &Company, pairs: &[Told]) -> Job {
    matching::start(&company.workspace).await.unwrap();
    let leased = claim(company).await.unwrap();
    publish_as(company, &leased, pairs).await;
    leased.job
}

async fn publish_as(company: &Company, leased: &LeasedJob, pairs: &[Told]) {
    let (workspace, store) = (&company.workspace, &company.workspace.store);
    let now = workspace.clock.now();
    let wanted = settings::matching(store).await.unwrap();
    let run = MatchRun {
        id: leased.job.id,
        started_at: now,
        finished_at: Some(now),
        n_records: 4,
        n_candidates: 6,
        n_pairs: pairs.len() as u64,
        n_certain: pairs.len() as u64,
        n_merged: 0,
        threshold: wanted.threshold,
        model_version: "by hand".to_owned(),
        is_automatic: wanted.is_automatic,
    };
    let read = match_pairs::page(store, None, 100).await.unwrap();
    let prints: HashMap<ContactId, i64> = read
        .into_iter()
        .map(|it| (it.contact.id, it.print))
        .collect();
    let print = |id| prints.get(&id).copied().unwrap_or_default();
    let pairs = pairs.iter().map(|told| NewPair {
        id: workspace.ids.next(now),
        contacts: told.pair,
        prints: (print(told.pair.0), print(told.pair.1)),
        probability: told.probability,
        value: 0.1,
        prior_weight: -10.0,
        is_grouped: told.is_grouped,
        fields: vec![Evidence {
            field: "name".to_owned(),
            agreement: Agreement::Close,
            weight: 20.0,
        }],
    });
    let new = NewRun {
        run,
        pairs: pairs.collect(),
    };
    match_pairs::publish(store, leased, new, now).await.unwrap();
}

async fn run(company: &Company, job: Job) -> Job {
    company.advance_seconds(1);
    let over = jobs::run_until_over(&company.workspace, job.id, &mut |_| {}).await;
    let over = over.unwrap();
    assert_eq!(over.status, JobStatus::Done, "{:?}", over.error);
    over
}

/// The workspace as the administrator's, who acts.
async fn of_user(company: &Company) -> Workspace {
    let mut of_user = company.workspace.clone();
    of_user.store = company.by_user().await;
    of_user
}

/// Accepts all pairs from a probability on.
async fn accept(company: &Company, min_probability: f64) -> Acceptance {
    let asked = matching::accept(&of_user(company).await, min_probability).await;
    let job = run(company, asked.unwrap().0).await;
    acceptance(company, job.id).await
}

async fn set(company: &Company, change: impl FnOnce(&mut MatchingSettings)) {
    let store = &company.workspace.store;
    let mut wanted = settings::matching(store).await.unwrap();
    change(&mut wanted);
    settings::save_matching(store, &wanted).await.unwrap();
}

async fn desk(company: &Company) -> SourceId {
    let all = sources::list(&company.workspace.store).await.unwrap();
    all.into_iter()
        .find(|source| source.name == "desk")
        .unwrap()
        .id
}

/// The contacts that are left of some.
async fn left(company: &Company, people: &[ContactId]) -> Vec<ContactId> {
    let mut left = Vec::new();
    for &person in people {
        if is_there(company, person).await {
            left.push(person);
        }
    }
    left
}

#[tokio::test]
async fn two_whose_merge_was_taken_back_are_not_made_one_through_a_third() {
    let (company, people) = with_people().await;
    let by = company.by_user().await;
    let merged = identity_log::merge(&by, Merge::of(people[1], people[0])).await;
    let undo = Unmerge::of(merged.unwrap().operation);
    identity_log::unmerge(&by, undo).await.unwrap();
    company.set_automatic(0.9).await;

    let pairs = [
        told(people[0], people[2], 0.999),
        told(people[1], people[2], 0.998),
    ];
    let job = publish(&company, &pairs).await;
    run(&company, job).await;

    assert_eq!(left(&company, &people).await.len(), 3);
    let parts = identity_log::parts(&by, people[0]).await.unwrap();
    assert!(parts.iter().all(|part| part.contact != people[1]));
    let parts = identity_log::parts(&by, people[1]).await.unwrap();
    assert!(parts.iter().all(|part| part.contact != people[0]));
}

#[tokio::test]
async fn records_of_a_source_that_holds_each_person_once_are_not_made_one_through_a_third() {
    let (company, people) = with_people().await;
    let by = company.by_user().await;
    // The third is nobody of that source.
    let mut third = Contact::named(
        company.workspace.ids.next(company.workspace.clock.now()),
        "Ada K.",
        company.workspace.clock.now(),
    );
    third.email = Some("ak@example.com".parse().unwrap());
    let third = contacts::create(&by, third).await.unwrap().id;
    let source = desk(&company).await;
    set(&company, |wanted| wanted.distinct_sources = vec![source]).await;
    let pairs = [told(people[0], third, 0.99), told(people[1], third, 0.98)];
    let job = publish(&company, &pairs).await;
    run(&company, job).await;

    let state = accept(&company, 0.9).await;

    assert_eq!((state.n_merged, state.n_refused), (1, 1), "{state:?}");
    let refused = match_pairs::list_refused(&by, state.job).await.unwrap();
    assert_eq!(refused[0].code, "distinct_source");
}

#[tokio::test]
async fn a_pair_that_its_group_does_not_support_is_not_accepted_with_others() {
    let (company, people) = with_people().await;
    let pairs = [
        told(people[0], people[1], 0.99),
        Told {
            is_grouped: false,
            ..told(people[1], people[2], 0.98)
        },
    ];
    let job = publish(&company, &pairs).await;
    run(&company, job).await;

    let state = accept(&company, 0.9).await;

    assert_eq!((state.n_pairs, state.n_merged), (1, 1), "{state:?}");
    assert!(is_there(&company, people[2]).await);
}

#[tokio::test]
async fn what_was_taken_back_one_by_one_is_not_accepted_and_what_was_taken_back_as_a_whole_is() {
    let (company, people) = with_people().await;
    let pairs = [
        told(people[0], people[1], 0.99),
        told(people[2], people[3], 0.98),
    ];
    let job = publish(&company, &pairs).await;
    run(&company, job).await;
    let first = accept(&company, 0.9).await;
    assert_eq!(first.n_merged, 2, "{first:?}");

    let by = of_user(&company).await;
    let undo = matching::undo(&by, first.job).await.unwrap();
    run(&company, undo).await;
    let second = accept(&company, 0.9).await;
    assert_eq!(second.n_merged, 2, "{second:?}");
    let log = identity_log::log(&company.workspace.store).await.unwrap();
    let last = log.last().unwrap().seq;
    identity_log::unmerge(&by.store, Unmerge::of(last))
        .await
        .unwrap();
    let third = accept(&company, 0.9).await;

    assert_eq!((third.n_pairs, third.n_merged), (1, 0), "{third:?}");
    let refused = match_pairs::list_refused(&by.store, third.job)
        .await
        .unwrap();
    assert_eq!(refused[0].code, "merge_taken_back");
}

#[tokio::test]
async fn a_pair_of_which_one_has_changed_since_is_left_and_a_group_is_merged_whole() {
    let (company, people) = with_people().await;
    let pairs = [
        told(people[0], people[1], 0.99),
        told(people[1], people[2], 0.98),
        told(people[0], people[2], 0.97),
        told(people[2], people[3], 0.96),
    ];
    let job = publish(&company, &pairs).await;
    run(&company, job).await;
    let asked = matching::accept(&of_user(&company).await, 0.9).await;
    let (job, n_pairs) = asked.unwrap();
    assert_eq!(n_pairs, 4);
    let by = company.by_user().await;
    let mut last = contacts::find(&by, people[3]).await.unwrap().unwrap();
    last.email = Some("somebody.else@example.com".parse().unwrap());
    let version = last.version;
    contacts::update(&by, last, version).await.unwrap();
    // What is not compared changes nothing.
    let mut first = contacts::find(&by, people[0]).await.unwrap().unwrap();
    first.title = Some("Countess".to_owned());
    let version = first.version;
    contacts::update(&by, first, version).await.unwrap();

    let job = run(&company, job).await;

    let state = acceptance(&company, job.id).await;
    let counts = (
        state.n_merged,
        state.n_one,
        state.n_changed,
        state.n_refused,
    );
    assert_eq!(counts, (2, 1, 1, 0), "{state:?}");
    assert!(is_there(&company, people[3]).await);
}

#[tokio::test]
async fn the_program_stops_merging_where_that_is_turned_off_in_the_middle() {
    let (company, people) = with_people().await;
    company.set_automatic(0.9).await;
    let job = publish(&company, &[told(people[0], people[1], 0.99)]).await;

    set(&company, |wanted| wanted.is_automatic = false).await;
    run(&company, job.clone()).await;

    let store = &company.workspace.store;
    let found = match_pairs::find_run(store, job.id).await.unwrap().unwrap();
    assert_eq!((found.n_certain, found.n_merged), (1, 0));
    assert_eq!(left(&company, &people).await.len(), 4);
}

#[tokio::test]
async fn a_run_merges_what_it_has_found_itself_and_not_what_one_before_has_left() {
    let (company, people) = with_people().await;
    let by = company.by_user().await;
    let job = publish(&company, &[told(people[0], people[1], 0.99)]).await;
    run(&company, job).await;
    // Decided once, so that the next run leaves the pair, and open again since.
    let said = identity_log::Decision {
        first: people[0],
        second: people[1],
        verdict: identity_log::Verdict::Different,
        grounds: rapport_domain::IdentityGrounds::default(),
    };
    let said = identity_log::decide(&by, said).await.unwrap();
    company.set_automatic(0.9).await;
    let job = publish(&company, &[told(people[2], people[3], 0.99)]).await;
    let grounds = rapport_domain::IdentityGrounds::default();
    identity_log::withdraw(&by, said, grounds).await.unwrap();

    run(&company, job).await;

    assert_eq!(left(&company, &people[..2]).await.len(), 2);
    assert_eq!(left(&company, &people[2..]).await.len(), 1);
}

#[tokio::test]
async fn a_run_tells_nothing_of_somebody_who_was_erased_while_it_ran() {
    let (company, people) = with_people().await;
    matching::start(&company.workspace).await.unwrap();
    let leased = claim(&company).await.unwrap();
    let by = company.by_user().await;

    audit::erase(&by, AuditObject::Contact, people[0].into())
        .await
        .unwrap();
    let gone = contacts::find(&by, people[2]).await.unwrap().unwrap();
    contacts::delete(&by, people[2], gone.version)
        .await
        .unwrap();
    let pairs = [
        told(people[0], people[1], 0.99),
        told(people[2], people[3], 0.98),
        told(people[1], people[3], 0.97),
    ];
    publish_as(&company, &leased, &pairs).await;

    let found = company.open_pairs().await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].probability, 0.97);
    let run = match_pairs::find_run(&by, leased.job.id).await.unwrap();
    assert_eq!(run.unwrap().n_pairs, 1);
}

#[tokio::test]
async fn one_search_runs_at_a_time_whatever_follows_it() {
    let (company, _) = with_people().await;
    let (store, now) = (&company.workspace.store, company.workspace.clock.now());
    let first = matching::start(&company.workspace).await.unwrap();
    let hour = Duration::from_secs(3600);
    let leased = queue::claim(store, &["matching"], now, hour).await.unwrap();
    assert_eq!(leased.as_ref().unwrap().job.id, first.id);

    // An import while it runs queues the next one.
    company
        .import("more.csv", "desk", b"Customer ID,Name\n9,Bob Ray\n")
        .await;
    company.advance_seconds(60);
    let now = company.workspace.clock.now();
    let queued = ListQuery::default();
    let waiting = queue::list(store, &queued).await.unwrap().items;
    let waiting = waiting.iter().filter(|job| job.kind == "matching").count();
    assert_eq!(waiting, 2);
    assert_eq!(
        queue::claim(store, &["matching"], now, hour).await.unwrap(),
        None
    );
    assert_eq!(
        matching::start(&company.workspace).await.unwrap().id,
        first.id
    );

    queue::complete(store, &leased.unwrap(), None, now)
        .await
        .unwrap();

    let next = queue::claim(store, &["matching"], now, hour).await.unwrap();
    let next = next.unwrap().job.id;
    assert_ne!(next, first.id);
    // It runs under the other key, and is the one that is under way all the same.
    assert_eq!(matching::start(&company.workspace).await.unwrap().id, next);
}

#[tokio::test]
async fn a_merge_that_cannot_be_taken_back_is_told() {
    let (company, people) = with_people().await;
    let pairs = [
        told(people[0], people[1], 0.99),
        told(people[2], people[3], 0.98),
    ];
    let job = publish(&company, &pairs).await;
    run(&company, job).await;
    let state = accept(&company, 0.9).await;
    let by = of_user(&company).await;
    // Whose values are erased does not come back whole.
    let erased = left(&company, &people[..2]).await[0];
    audit::erase(&by.store, AuditObject::Contact, erased.into())
        .await
        .unwrap();

    let undo = matching::undo(&by, state.job).await.unwrap();
    run(&company, undo).await;

    let state = acceptance(&company, state.job).await;
    let counts = (state.n_merged, state.n_undone, state.n_not_undone);
    assert_eq!(counts, (1, 1, 1), "{state:?}");
    let told = match_pairs::list_not_undone(&by.store, state.job).await;
    let told = told.unwrap();
    assert_eq!((told.len(), told[0].code.as_str()), (1, "merge_incomplete"));
    assert_eq!(
        match_pairs::list_refused(&by.store, state.job)
            .await
            .unwrap(),
        []
    );
}

#[tokio::test]
async fn what_a_key_accepts_is_logged_as_the_keys_and_not_done_once_it_is_revoked() {
    let (company, people) = with_people().await;
    let pairs = [
        told(people[0], people[1], 0.99),
        told(people[2], people[3], 0.95),
    ];
    let job = publish(&company, &pairs).await;
    run(&company, job).await;
    let key_id = new_key(&company).await;
    let actor = Actor::ApiKey {
        key_id,
        user_id: company.user.id,
    };
    let mut by_key = company.workspace.clone();
    let by = Author::new(actor, company.workspace.clock.now());
    by_key.store = company.by_user().await.in_name_of(by);

    let (job, _) = matching::accept(&by_key, 0.97).await.unwrap();
    run(&company, job).await;

    let store = &company.workspace.store;
    let log = identity_log::log(store).await.unwrap();
    assert_eq!(log.last().unwrap().actor, actor);
    let (job, _) = matching::accept(&by_key, 0.9).await.unwrap();
    api_keys::revoke(store, key_id, company.workspace.clock.now())
        .await
        .unwrap();
    let over = jobs::run_until_over(&company.workspace, job.id, &mut |_| {}).await;
    assert_eq!(over.unwrap().status, JobStatus::Failed);
    assert_eq!(identity_log::log(store).await.unwrap().len(), log.len());
}

async fn new_key(company: &Company) -> ApiKeyId {
    let now = company.workspace.clock.now();
    let id = company.workspace.ids.next(now);
    let new = NewApiKey {
        id,
        name: "Nightly".to_owned(),
        user_id: company.user.id,
        scopes: vec!["contacts:write".to_owned()],
        expires_at: None,
    };
    let key = ApiKey::generate();
    let made = api_keys::create(&company.workspace.store, &key, new, 10, now).await;
    assert!(made.unwrap());
    id
}
