//! Pairs that people decide on, one by one and many at once, and what the program may do by itself.

use rapport_domain::{
    Actor, AuditObject, ContactId, IdentityChange, IdentityGrounds, IdentityRefusal, JobId,
    JobStatus, Language, Role, SystemActor,
};
use rapport_pipelines::{jobs, matching};
use rapport_store::identity_log::{self, Decision, Merge, Unmerge, Verdict};
use rapport_store::match_pairs::{self, Acceptance, MatchPair, MatchStatus, PairDecision};
use rapport_store::users::{self, NewUser};
use rapport_store::{ListQuery, Op, Sort, StoreError, audit, contacts, jobs as queue};

use crate::company::{Company, ends, is_there};

/// A company with pairs, the most certain one first.
async fn with_pairs() -> (Company, Vec<MatchPair>) {
    let (company, _) = Company::of_twin(13, 200).await;
    company.match_contacts().await;
    let mut pairs = company.open_pairs().await;
    pairs.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    assert!(pairs.len() >= 4, "{} pairs", pairs.len());
    (company, pairs)
}

fn decision(pair: &MatchPair, verdict: Verdict) -> PairDecision {
    PairDecision {
        pair: pair.id,
        verdict,
        keep: None,
        reason: Some("looked".to_owned()),
    }
}

pub(crate) async fn acceptance(company: &Company, job: JobId) -> Acceptance {
    let found = match_pairs::find_acceptance(&company.workspace.store, job).await;
    found.unwrap().unwrap()
}

async fn status_of(company: &Company, pair: &MatchPair) -> MatchStatus {
    let found = match_pairs::find(&company.workspace.store, pair.id).await;
    found.unwrap().unwrap().status
}

#[tokio::test]
async fn a_pair_that_is_the_same_is_merged_and_open_again_when_that_is_taken_back() {
    let (company, pairs) = with_pairs().await;
    let by = company.by_user().await;
    let (left, right) = ends(&pairs[0]);

    let keep = PairDecision {
        keep: Some(right),
        ..decision(&pairs[0], Verdict::Same)
    };
    let operation = match_pairs::decide(&by, keep.clone()).await.unwrap();

    assert!(!is_there(&company, left).await && is_there(&company, right).await);
    let decided = match_pairs::find(&by, pairs[0].id).await.unwrap().unwrap();
    assert_eq!(decided.status, MatchStatus::Same);
    let how = decided.decided.unwrap();
    assert_eq!((how.operation, how.by), (operation, Some(company.user.id)));
    assert_eq!(how.reason.as_deref(), Some("looked"));
    let logged = identity_log::expect(&by, operation).await.unwrap();
    assert_eq!(logged.operation.grounds.rule.as_deref(), Some("review"));
    assert_eq!(logged.operation.grounds.score, Some(pairs[0].probability));
    let twice = match_pairs::decide(&by, keep).await;
    assert!(
        matches!(twice, Err(StoreError::PairDecided { .. })),
        "{twice:?}"
    );

    identity_log::unmerge(&by, Unmerge::of(operation))
        .await
        .unwrap();

    assert!(is_there(&company, left).await);
    assert_eq!(status_of(&company, &pairs[0]).await, MatchStatus::Open);
}

#[tokio::test]
async fn a_pair_that_is_different_does_not_come_back_until_that_is_withdrawn() {
    let (company, pairs) = with_pairs().await;
    let by = company.by_user().await;

    let operation = match_pairs::decide(&by, decision(&pairs[0], Verdict::Different)).await;
    let operation = operation.unwrap();
    company.match_contacts().await;

    let is_open =
        |pairs: Vec<MatchPair>, pair: &MatchPair| pairs.iter().any(|open| ends(open) == ends(pair));
    assert_eq!(status_of(&company, &pairs[0]).await, MatchStatus::Different);
    assert!(!is_open(company.open_pairs().await, &pairs[0]));
    let merged = match_pairs::decide(&by, decision(&pairs[0], Verdict::Same)).await;
    assert!(matches!(merged, Err(StoreError::PairDecided { .. })));

    let grounds = IdentityGrounds::default();
    identity_log::withdraw(&by, operation, grounds)
        .await
        .unwrap();
    company.match_contacts().await;

    assert!(is_open(company.open_pairs().await, &pairs[0]));
}

#[tokio::test]
async fn what_happens_elsewhere_decides_a_pair_too() {
    let (company, pairs) = with_pairs().await;
    let by = company.by_user().await;
    let (left, right) = ends(&pairs[0]);

    let contact = contacts::find(&by, left).await.unwrap().unwrap();
    contacts::delete(&by, left, contact.version).await.unwrap();

    assert_eq!(status_of(&company, &pairs[0]).await, MatchStatus::Gone);
    let decided = match_pairs::decide(&by, decision(&pairs[0], Verdict::Same)).await;
    assert!(
        matches!(decided, Err(StoreError::PairDecided { .. })),
        "{decided:?}"
    );
    assert!(is_there(&company, right).await);
    let (one, other) = ends(&pairs[1]);
    let said = Decision {
        first: other,
        second: one,
        verdict: Verdict::Different,
        grounds: IdentityGrounds::default(),
    };
    identity_log::decide(&by, said).await.unwrap();
    assert_eq!(status_of(&company, &pairs[1]).await, MatchStatus::Different);
    assert!(company.open_pairs().await.iter().all(|open| {
        let (a, b) = ends(open);
        (a, b) != (one, other) && a != left && b != left
    }));
}

#[tokio::test]
async fn who_stays_must_be_one_of_the_two_and_a_pair_must_be_there() {
    let (company, pairs) = with_pairs().await;
    let by = company.by_user().await;
    let of_others = PairDecision {
        keep: Some(pairs[1].left.contact),
        ..decision(&pairs[0], Verdict::Same)
    };
    let unknown = PairDecision {
        pair: company.workspace.ids.next(company.workspace.clock.now()),
        ..decision(&pairs[0], Verdict::Same)
    };

    let refused = match_pairs::decide(&by, of_others).await;
    assert!(
        matches!(refused, Err(StoreError::Invalid(_))),
        "{refused:?}"
    );
    let refused = match_pairs::decide(&by, unknown).await;
    assert!(
        matches!(refused, Err(StoreError::NotFound { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_program_merges_by_itself_only_where_that_is_set_and_never_what_was_taken_back() {
    let (company, truth) = Company::of_twin(14, 250).await;
    let n_contacts = company.all_contacts().await.len();
    let run = company.match_contacts().await;
    assert_eq!((run.n_merged, run.is_automatic), (0, false));
    assert_eq!(company.all_contacts().await.len(), n_contacts);

    company.set_automatic(0.999).await;
    let run = company.match_contacts().await;

    assert!(run.n_merged > 0 && run.is_automatic, "{run:?}");
    let n_left = company.all_contacts().await.len();
    assert_eq!(n_left as u64, n_contacts as u64 - run.n_merged);
    let log = identity_log::log(&company.workspace.store).await.unwrap();
    for operation in &log {
        assert_eq!(operation.actor, Actor::System(SystemActor::Matching));
        assert_eq!(operation.grounds.rule.as_deref(), Some("automatic"));
        assert_eq!(
            operation.grounds.model_version,
            Some(run.model_version.clone())
        );
        assert!(operation.grounds.score.unwrap() >= 0.999);
        let IdentityChange::Merge { from, into } = operation.change else {
            panic!("{operation:?}");
        };
        assert!(truth.are_same(from, into), "{from} {into}");
    }
    let by = company.by_user().await;
    let undone = identity_log::unmerge(&by, Unmerge::of(log[0].seq))
        .await
        .unwrap();

    let again = company.match_contacts().await;

    assert!(is_there(&company, undone.contact.id).await);
    assert_eq!(again.n_merged, 0, "{again:?}");
}

#[tokio::test]
async fn many_pairs_are_accepted_at_once_and_taken_back_as_one() {
    let (company, pairs) = with_pairs().await;
    let before = company.all_contacts().await;
    let apart: (ContactId, ContactId) = ends(&pairs[0]);

    let mut of_user = company.workspace.clone();
    of_user.store = company.by_user().await;
    let (job, n_pairs) = matching::accept(&of_user, 0.5).await.unwrap();
    let twice = matching::accept(&of_user, 0.5).await.unwrap();
    assert_eq!((twice.0.id, twice.1), (job.id, n_pairs));
    // What somebody says meanwhile counts.
    let said = Decision {
        first: apart.0,
        second: apart.1,
        verdict: Verdict::Different,
        grounds: IdentityGrounds::default(),
    };
    identity_log::decide(&of_user.store, said).await.unwrap();
    let done = company.run(job.clone()).await;

    assert_eq!(done.status, JobStatus::Done, "{:?}", done.error);
    let state = acceptance(&company, job.id).await;
    assert_eq!((state.n_pairs, state.n_changed), (n_pairs, 0));
    assert_eq!(state.n_merged + state.n_one + state.n_refused, n_pairs);
    assert!(state.n_merged > 0 && state.n_refused > 0, "{state:?}");
    let refused = match_pairs::list_refused(&company.workspace.store, job.id).await;
    assert!(refused.unwrap().iter().any(|refused| {
        refused.pair == pairs[0].id && refused.code == "kept_apart" && !refused.message.is_empty()
    }));
    let n_left = company.all_contacts().await.len() as u64;
    assert_eq!(n_left, before.len() as u64 - state.n_merged);
    assert_eq!(state.created_by, company.user.id);

    let undo = matching::undo(&of_user, done.id).await.unwrap();
    let undo = company.run(undo).await;

    assert_eq!(undo.status, JobStatus::Done, "{:?}", undo.error);
    let after = company.all_contacts().await;
    assert_eq!(after.len(), before.len());
    for (after, before) in after.iter().zip(&before) {
        assert_eq!(
            (after.id, &after.name, &after.email, &after.phone),
            (before.id, &before.name, &before.email, &before.phone)
        );
    }
    let state = acceptance(&company, job.id).await;
    assert_eq!((state.n_merged, state.n_not_undone), (0, 0));
    assert_eq!(state.undo, Some((undo.id, JobStatus::Done)));
}

#[tokio::test]
async fn a_pair_is_seen_by_who_sees_both_and_decided_by_who_may_merge_both() {
    let (company, pairs) = with_pairs().await;
    let store = &company.workspace.store;
    let new = NewUser {
        id: company.workspace.ids.next(company.workspace.clock.now()),
        email: "vera@example.com".parse().unwrap(),
        name: "Vera".to_owned(),
        role: Role::Viewer,
        language: Language::En,
        password: "correct horse battery".to_owned(),
    };
    let viewer = users::create(store, new, company.workspace.clock.now());
    let viewer = viewer.await.unwrap();
    let seen = company.by(&viewer).await;

    assert!(
        match_pairs::find(&seen, pairs[0].id)
            .await
            .unwrap()
            .is_some()
    );
    let refused = match_pairs::decide(&seen, decision(&pairs[0], Verdict::Same)).await;
    assert!(
        matches!(refused, Err(StoreError::NotAllowed { .. })),
        "{refused:?}"
    );
    let refused = match_pairs::decide(&seen, decision(&pairs[0], Verdict::Different)).await;
    assert!(
        matches!(refused, Err(StoreError::NotAllowed { .. })),
        "{refused:?}"
    );
    assert_eq!(status_of(&company, &pairs[0]).await, MatchStatus::Open);
}

#[tokio::test]
async fn a_merge_that_breaks_what_was_said_is_refused_by_the_log() {
    let (company, pairs) = with_pairs().await;
    let by = company.by_user().await;
    let (left, right) = ends(&pairs[0]);
    // Not of the pair, but of somebody who became part of it.
    let third = pairs
        .iter()
        .flat_map(|pair| [pair.left.contact, pair.right.contact])
        .find(|id| *id != left && *id != right)
        .unwrap();
    let said = Decision {
        first: third,
        second: right,
        verdict: Verdict::Different,
        grounds: IdentityGrounds::default(),
    };
    identity_log::decide(&by, said).await.unwrap();
    identity_log::merge(&by, Merge::of(third, left))
        .await
        .unwrap();

    let refused = match_pairs::decide(&by, decision(&pairs[0], Verdict::Same)).await;

    assert!(
        matches!(
            refused,
            Err(StoreError::Identity(IdentityRefusal::KeptApart { .. }))
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn contacts_are_matched_soon_after_an_import_that_made_some_and_once_for_several() {
    let (company, _) = Company::of_twin(15, 60).await;
    let store = &company.workspace.store;
    let query = ListQuery::default().with("kind", Op::Eq, "matching");
    let queued = queue::list(store, &query).await.unwrap().items;

    assert_eq!(queued.len(), 1);
    assert_eq!(queued[0].status, JobStatus::Queued);
    assert!(queued[0].run_at > company.workspace.clock.now());
    company.advance_seconds(60);
    let over = jobs::run_until_over(&company.workspace, queued[0].id, &mut |_| {}).await;
    assert_eq!(over.unwrap().status, JobStatus::Done);
    let again = company.match_contacts().await;
    assert_ne!(again.id, queued[0].id);
}

#[tokio::test]
async fn an_erasure_takes_how_alike_somebody_is_to_others() {
    let (company, pairs) = with_pairs().await;
    let by = company.by_user().await;
    let erased = pairs[0].left.contact;

    let done = audit::erase(&by, AuditObject::Contact, erased.into()).await;

    done.unwrap();
    for pair in &pairs {
        let now = match_pairs::find(&by, pair.id).await.unwrap().unwrap();
        let is_of_erased = pair.left.contact == erased || pair.right.contact == erased;
        assert_eq!(now.fields.is_empty(), is_of_erased);
    }
}

#[tokio::test]
async fn pages_follow_each_other_in_the_order_that_was_asked_for() {
    let (company, pairs) = with_pairs().await;
    for sort in ["-probability", "-value"] {
        let mut query = ListQuery {
            sort: Sort::parse_list(sort),
            limit: 2,
            ..ListQuery::default().with("status", Op::Eq, "open")
        };
        let mut walked = Vec::new();
        loop {
            let page = match_pairs::list(&company.workspace.store, &query)
                .await
                .unwrap();
            walked.extend(page.items);
            query.cursor = page.next;
            if query.cursor.is_none() {
                break;
            }
        }

        assert_eq!(walked.len(), pairs.len());
        let key = |pair: &MatchPair| match sort {
            "-value" => pair.value,
            _ => pair.probability,
        };
        assert!(
            walked.windows(2).all(|two| key(&two[0]) >= key(&two[1])),
            "{sort}"
        );
    }
}

#[tokio::test]
async fn an_empty_workspace_has_no_pairs_and_no_failure() {
    let company = Company::open().await;

    let run = company.match_contacts().await;

    assert_eq!((run.n_records, run.n_pairs, run.n_candidates), (0, 0, 0));
}
