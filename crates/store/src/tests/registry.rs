//! The registry: how versions come, rise, serve and go.

use std::time::Instant;

use rapport_domain::{Language, ModelId, Role, RunId, UserId};
use serde_json::json;

use super::audit::{entries, told};
use super::runs::new_run;
use super::{TestStore, now};
use crate::models::{
    self, ChampionFigure, Entry, Evidence, ModelStage, NamedFigure, NewModel, PromotionRefusal,
    RollBack, StageChange, StageRefusal,
};
use crate::users::{self, NewUser};
use crate::{StoreError, runs};

const KIND: &str = "score";

/// An AUC of a version, of the champion that it was compared with, and 0.5 of the base rate.
fn evidence(value: f64, champion: Option<(ModelId, u64, f64)>) -> Evidence {
    Evidence {
        metric: "auc".to_owned(),
        is_higher_better: true,
        n_rows: 1_000,
        value,
        champion: champion.map(|(model_id, version, value)| ChampionFigure {
            model_id,
            version,
            value: Some(value),
        }),
        baseline: NamedFigure {
            name: "base_rate".to_owned(),
            value: Some(0.5),
        },
        saved_against_champion: None,
        saved_against_baseline: None,
        measured_at: now(),
    }
}

impl TestStore {
    async fn register(&self, entry: Entry, evidence: Option<Evidence>) -> ModelId {
        let id = self.id();
        let new = NewModel {
            id,
            kind: KIND.to_owned(),
            folder: format!("models/{id}"),
            metrics: json!({ "auc": 0.9, "baseline": { "name": "base_rate", "auc": 0.5 } }),
            run_id: None,
            evidence,
            entry,
        };
        models::register(self, new, now()).await.unwrap();
        id
    }

    async fn go(&self, version: u64, to: ModelStage) -> Result<(), StoreError> {
        let change = StageChange {
            kind: KIND.to_owned(),
            version,
            to,
            reason: "because".to_owned(),
            actor: None,
        };
        models::change_stage(self, change, self.revision().await, now()).await
    }

    async fn back(&self) -> Result<(), StoreError> {
        let roll_back = RollBack {
            kind: KIND.to_owned(),
            reason: "complaints".to_owned(),
            actor: None,
        };
        models::roll_back(self, roll_back, self.revision().await, now()).await
    }

    async fn revision(&self) -> i64 {
        let line = models::find_line(self, KIND).await.unwrap();
        line.map_or(0, |line| line.revision)
    }

    async fn stages(&self) -> Vec<ModelStage> {
        let mut versions = models::list_versions(self, KIND, 100).await.unwrap();
        versions.reverse();
        versions.iter().map(|version| version.stage).collect()
    }
}

fn refusal(refused: Result<(), StoreError>) -> StageRefusal {
    match refused {
        Err(StoreError::Stage(refusal)) => refusal,
        other => panic!("refused by a rule of stages, not {other:?}"),
    }
}

#[tokio::test]
async fn the_first_serves_and_a_later_one_only_where_it_is_better() {
    let store = TestStore::open().await;
    let automatic = Entry::ChampionIfFirstOrBetter;

    let first = store.register(automatic, None).await;
    let worse = evidence(0.7, Some((first, 1, 0.8)));
    store.register(automatic, Some(worse)).await;
    let better = evidence(0.85, Some((first, 1, 0.8)));
    let third = store.register(automatic, Some(better.clone())).await;
    store.register(Entry::Candidate, None).await;

    use ModelStage::{Candidate, Champion, Retired};
    assert_eq!(
        store.stages().await,
        [Retired, Candidate, Champion, Candidate]
    );
    let champion = models::find_champion(&store, KIND).await.unwrap().unwrap();
    assert_eq!((champion.id, champion.version), (third, 3));
    assert_eq!(champion.evidence, Some(better));
    let baseline = champion.baseline.unwrap();
    assert_eq!(
        (baseline.name.as_str(), baseline.metrics["auc"]),
        ("base_rate", 0.5)
    );
    let line = models::find_line(&store, KIND).await.unwrap().unwrap();
    assert_eq!((line.n_versions(), line.roll_back_to), (4, Some(1)));
    let reason = &models::list_transitions(&store, KIND, 10).await.unwrap()[1].reason;
    assert_eq!(reason, "better on held-back rows");
    assert_eq!(
        models::promoted_at(&store, third).await.unwrap(),
        Some(now())
    );
    assert_eq!(models::find_refusal(&store, third).await.unwrap(), None);
    let fourth = models::find_version(&store, KIND, 4)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        models::find_refusal(&store, fourth.id).await.unwrap(),
        Some(PromotionRefusal::NoEvidence)
    );
    assert_eq!(models::promoted_at(&store, fourth.id).await.unwrap(), None);
}

#[tokio::test]
async fn who_was_to_follow_an_outdated_champion_waits_where_another_serves_by_then() {
    let store = TestStore::open().await;
    let outdated = store.register(Entry::ChampionIfFirstOrBetter, None).await;
    let better = evidence(0.85, Some((outdated, 1, 0.8)));
    let promoted = store
        .register(Entry::ChampionIfFirstOrBetter, Some(better))
        .await;

    let of = |champion| Entry::ChampionInsteadOf(champion, "it cannot read the rows of today");
    store.register(of(outdated), None).await;
    store.register(of(promoted), None).await;

    use ModelStage::{Candidate, Champion, Retired};
    assert_eq!(
        store.stages().await,
        [Retired, Retired, Candidate, Champion]
    );
}

#[tokio::test]
async fn the_way_up_leads_through_the_shadow_and_over_both_rivals() {
    let store = TestStore::open().await;
    let first = store.register(Entry::ChampionIfFirstOrBetter, None).await;
    let worse = evidence(0.79, Some((first, 1, 0.8)));
    store.register(Entry::Candidate, Some(worse)).await;
    let better = evidence(0.81, Some((first, 1, 0.8)));
    store.register(Entry::Candidate, Some(better)).await;

    let jump = refusal(store.go(3, ModelStage::Champion).await);
    store.go(2, ModelStage::Shadow).await.unwrap();
    store.go(3, ModelStage::Shadow).await.unwrap();
    let refused = refusal(store.go(2, ModelStage::Champion).await);
    store.go(3, ModelStage::Champion).await.unwrap();
    let stale = refusal(store.go(2, ModelStage::Champion).await);

    let (from, to) = (ModelStage::Candidate, ModelStage::Champion);
    assert_eq!(jump, StageRefusal::NoSuchStep { from, to });
    let StageRefusal::Promotion(PromotionRefusal::NotBetterThanChampion {
        value, champion, ..
    }) = refused
    else {
        panic!("the champion is better, not {refused}");
    };
    assert_eq!((value, champion), (0.79, 0.8));
    assert_eq!(stale, PromotionRefusal::StaleEvidence { version: 3 }.into());
    assert_eq!(
        store.stages().await,
        [
            ModelStage::Retired,
            ModelStage::Shadow,
            ModelStage::Champion
        ]
    );
}

#[tokio::test]
async fn who_beats_the_champion_and_not_the_baseline_is_refused() {
    let store = TestStore::open().await;
    let first = store.register(Entry::ChampionIfFirstOrBetter, None).await;
    let weak = evidence(0.49, Some((first, 1, 0.45)));
    store.register(Entry::Candidate, Some(weak)).await;
    store.go(2, ModelStage::Shadow).await.unwrap();

    let refused = refusal(store.go(2, ModelStage::Champion).await);

    let StageRefusal::Promotion(refused) = refused else {
        panic!("the baseline is better, not {refused}");
    };
    assert_eq!(refused.code(), "not_better_than_baseline");
    let said = refused.to_string();
    assert!(said.contains("0.4900") && said.contains("0.5000"), "{said}");
}

#[tokio::test]
async fn rolling_back_brings_champions_back_one_by_one() {
    let store = TestStore::open().await;
    let first = store.register(Entry::ChampionIfFirstOrBetter, None).await;
    let second = evidence(0.85, Some((first, 1, 0.8)));
    let second = store
        .register(Entry::ChampionIfFirstOrBetter, Some(second))
        .await;
    store.register(Entry::Candidate, None).await;
    store.go(3, ModelStage::Retired).await.unwrap();
    let third = evidence(0.9, Some((second, 2, 0.85)));
    store
        .register(Entry::ChampionIfFirstOrBetter, Some(third))
        .await;

    let started = Instant::now();
    store.back().await.unwrap();
    let elapsed = started.elapsed();
    let after_one = store.stages().await;
    store.back().await.unwrap();
    let nothing = refusal(store.back().await);

    use ModelStage::{Champion, Retired};
    assert!(elapsed.as_secs_f64() < 1.0, "{elapsed:?}");
    // The third was dropped without ever serving.
    assert_eq!(after_one, [Retired, Champion, Retired, Retired]);
    assert_eq!(store.stages().await, [Champion, Retired, Retired, Retired]);
    assert_eq!(nothing, StageRefusal::NothingToRollBack);
}

#[tokio::test]
async fn a_version_that_was_rolled_back_does_not_come_back_over_its_better() {
    let store = TestStore::open().await;
    let first = store.register(Entry::ChampionIfFirstOrBetter, None).await;
    let second = evidence(0.85, Some((first, 1, 0.8)));
    store
        .register(Entry::ChampionIfFirstOrBetter, Some(second))
        .await;
    store.back().await.unwrap();
    let third = evidence(0.9, Some((first, 1, 0.8)));
    store
        .register(Entry::ChampionIfFirstOrBetter, Some(third))
        .await;

    store.back().await.unwrap();

    use ModelStage::{Champion, Retired};
    assert_eq!(store.stages().await, [Champion, Retired, Retired]);
    assert_eq!(refusal(store.back().await), StageRefusal::NothingToRollBack);
}

#[tokio::test]
async fn a_champion_may_retire_and_leave_the_work_to_the_baseline() {
    let store = TestStore::open().await;
    store.register(Entry::ChampionIfFirstOrBetter, None).await;

    store.go(1, ModelStage::Retired).await.unwrap();

    assert_eq!(models::find_champion(&store, KIND).await.unwrap(), None);
    store.back().await.unwrap();
    assert_eq!(store.stages().await, [ModelStage::Champion]);
}

#[tokio::test]
async fn a_change_of_an_outdated_revision_is_refused() {
    let store = TestStore::open().await;
    store.register(Entry::Candidate, None).await;
    let before = store.revision().await;
    store.go(1, ModelStage::Shadow).await.unwrap();
    let change = StageChange {
        kind: KIND.to_owned(),
        version: 1,
        to: ModelStage::Retired,
        reason: "because".to_owned(),
        actor: None,
    };

    let late = models::change_stage(&store, change, before, now()).await;

    assert!(matches!(late, Err(StoreError::Conflict { found, .. }) if found > before));
    assert_eq!(store.stages().await, [ModelStage::Shadow]);
}

#[tokio::test]
async fn who_changed_what_and_why_is_noted() {
    let store = TestStore::open().await;
    let user: UserId = store.id();
    let new = NewUser {
        id: user,
        email: "ada@example.com".parse().unwrap(),
        name: "Ada".to_owned(),
        role: Role::Admin,
        language: Language::En,
        password: "correct horse battery".to_owned(),
    };
    users::create(&store, new, now()).await.unwrap();
    store.register(Entry::Candidate, None).await;
    let change = StageChange {
        kind: KIND.to_owned(),
        version: 1,
        to: ModelStage::Shadow,
        reason: "let it answer beside".to_owned(),
        actor: Some(user),
    };

    let revision = store.revision().await;
    models::change_stage(&store.by(1), change, revision, now())
        .await
        .unwrap();

    let [entry] = &entries(&store).await[..] else {
        panic!("one entry of the audit");
    };
    assert_eq!(told(entry)["stage"], (json!("candidate"), json!("shadow")));
    assert_eq!(told(entry)["reason"].1, "let it answer beside");
    let noted = models::list_transitions(&store, KIND, 10).await.unwrap();
    assert_eq!(noted.len(), 2);
    assert_eq!((noted[1].from, noted[1].to), (None, ModelStage::Candidate));
    assert_eq!(
        (noted[0].from, noted[0].to),
        (Some(ModelStage::Candidate), ModelStage::Shadow)
    );
    assert_eq!(noted[0].reason, "let it answer beside");
    assert_eq!(noted[0].actor.as_ref().unwrap().name, "Ada");
}

#[tokio::test]
async fn a_run_shows_the_version_that_came_of_it() {
    let store = TestStore::open().await;
    let run = new_run(&store, "Trees");
    let run_id: RunId = run.id;
    runs::begin(&store, run, now()).await.unwrap();
    let id = store.id();
    let new = NewModel {
        id,
        kind: KIND.to_owned(),
        folder: format!("models/{id}"),
        metrics: json!({}),
        run_id: Some(run_id),
        evidence: None,
        entry: Entry::ChampionIfFirstOrBetter,
    };

    models::register(&store, new.clone(), now()).await.unwrap();
    let again = models::register(&store, new, now()).await.unwrap();

    let row = runs::find(&store, run_id).await.unwrap().unwrap();
    let version = row.model_version.unwrap();
    assert_eq!((version.version, version.stage), (1, ModelStage::Champion));
    assert_eq!(again, ModelStage::Champion);
    assert_eq!(
        models::list_transitions(&store, KIND, 10)
            .await
            .unwrap()
            .len(),
        3
    );
}
