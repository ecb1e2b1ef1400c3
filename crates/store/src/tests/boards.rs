//! Boards of deals, and pipelines that change under them.

use rapport_domain::{Currency, Deal, Money, Pipeline, Stage, StageId, StageOutcome};

use super::{TestStore, now};
use crate::boards::{self, Board, Totals};
use crate::pipelines::{self, Move};
use crate::{ListQuery, Op, QueryError, StoreError, deals};

fn stage(store: &TestStore, name: &str, outcome: StageOutcome, probability: f64) -> Stage {
    Stage {
        id: store.id(),
        name: name.to_owned(),
        outcome,
        probability,
    }
}

/// Talks (20 %), Offer (50 %), Won, Lost.
pub(super) async fn pipeline(store: &TestStore) -> Pipeline {
    let pipeline = Pipeline {
        id: store.id(),
        name: "Sales".to_owned(),
        stages: vec![
            stage(store, "Talks", StageOutcome::Open, 0.2),
            stage(store, "Offer", StageOutcome::Open, 0.5),
            stage(store, "Won", StageOutcome::Won, 1.0),
            stage(store, "Lost", StageOutcome::Lost, 0.0),
        ],
        version: 1,
    };
    pipelines::create(store, pipeline, now()).await.unwrap()
}

/// A deal that entered a stage some days after the suite's present.
pub(super) async fn deal(
    store: &TestStore,
    pipeline: &Pipeline,
    stage: StageId,
    amount: Option<Money>,
    days: i64,
) -> Deal {
    let deal = Deal {
        id: store.id(),
        name: format!("Deal of day {days}"),
        pipeline_id: pipeline.id,
        stage_id: stage,
        amount,
        expected_close_on: None,
        contact_id: None,
        company_id: None,
        owner_id: None,
        custom: Default::default(),
        stage_entered_at: now().plus_days(days),
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    deals::create(store, deal).await.unwrap()
}

const fn euros(minor: i64) -> Option<Money> {
    Some(Money::new(minor, Currency::EUR))
}

async fn board(store: &TestStore, pipeline: &Pipeline, query: &ListQuery) -> Board {
    let board = boards::show(store, pipeline.id, query).await.unwrap();
    board.unwrap()
}

fn names(board: &Board, idx: usize) -> Vec<&str> {
    let cards = board.columns[idx].cards.items.iter();
    cards.map(|row| row.deal.name.as_str()).collect()
}

#[tokio::test]
async fn a_board_sums_each_stage_per_currency_and_weighs_by_its_chance() {
    let store = TestStore::open().await;
    let pipeline = pipeline(&store).await;
    let [talks, offer, ..] = &pipeline.stages[..] else {
        panic!("four stages")
    };
    deal(&store, &pipeline, talks.id, euros(10_001), 0).await;
    deal(&store, &pipeline, talks.id, euros(20_000), 1).await;
    let pounds = Some(Money::new(50_00, Currency::GBP));
    deal(&store, &pipeline, talks.id, pounds, 2).await;
    deal(&store, &pipeline, talks.id, None, 3).await;
    deal(&store, &pipeline, offer.id, euros(1), 0).await;

    let board = board(&store, &pipeline, &ListQuery::default()).await;

    assert_eq!(board.pipeline, pipeline);
    let expected = Totals {
        n_deals: 4,
        sums: vec![
            Money::new(30_001, Currency::EUR),
            Money::new(50_00, Currency::GBP),
        ],
        weighted: vec![
            Money::new(60_00, Currency::EUR),
            Money::new(10_00, Currency::GBP),
        ],
    };
    assert_eq!(board.columns[0].totals, expected);
    // Half a cent is rounded away from nothing.
    assert_eq!(
        board.columns[1].totals.weighted,
        [Money::new(1, Currency::EUR)]
    );
    assert_eq!(board.columns[2].totals, Totals::default());
    assert_eq!(board.columns[2].median_entered_at, None);
    assert_eq!(
        names(&board, 0),
        [
            "Deal of day 3",
            "Deal of day 2",
            "Deal of day 1",
            "Deal of day 0"
        ]
    );
    assert_eq!(
        board.columns[0].median_entered_at,
        Some(now().plus_days(1)),
        "the lower of the two in the middle"
    );
}

#[tokio::test]
async fn sums_too_large_for_a_whole_number_are_told_as_the_largest() {
    let store = TestStore::open().await;
    let pipeline = pipeline(&store).await;
    let talks = pipeline.stages[0].id;
    deal(&store, &pipeline, talks, euros(i64::MAX), 0).await;
    deal(&store, &pipeline, talks, euros(i64::MAX), 1).await;

    let board = board(&store, &pipeline, &ListQuery::default()).await;

    assert_eq!(
        board.columns[0].totals.sums,
        [Money::new(i64::MAX, Currency::EUR)]
    );
}

#[tokio::test]
async fn a_filter_narrows_cards_and_sums_and_a_column_goes_on_in_the_list() {
    let store = TestStore::open().await;
    let pipeline = pipeline(&store).await;
    let talks = pipeline.stages[0].id;
    for days in 0..5 {
        deal(&store, &pipeline, talks, euros(days * 100), days).await;
    }
    let query = ListQuery {
        limit: 2,
        ..ListQuery::default().with("amount", Op::Gte, 100)
    };

    let board = board(&store, &pipeline, &query).await;

    let column = &board.columns[0];
    assert_eq!(column.totals.n_deals, 4);
    assert_eq!(column.totals.sums, [Money::new(1000, Currency::EUR)]);
    assert_eq!(column.median_entered_at, Some(now().plus_days(2)));
    assert_eq!(names(&board, 0), ["Deal of day 4", "Deal of day 3"]);
    let rest = ListQuery {
        cursor: column.cards.next.clone(),
        ..query
            .with("stage_id", Op::Eq, talks)
            .sorted(boards::DEFAULT_SORT)
    };
    let rest = deals::list(&store, &rest).await.unwrap();
    let rest: Vec<_> = rest.items.iter().map(|row| &row.deal.name).collect();
    assert_eq!(rest, ["Deal of day 2", "Deal of day 1"]);
}

#[tokio::test]
async fn a_board_of_nothing_is_none_and_of_an_unknown_field_is_refused() {
    let store = TestStore::open().await;
    let pipeline = pipeline(&store).await;

    let nothing = boards::show(&store, store.id(), &ListQuery::default()).await;
    let query = ListQuery::default().with("color", Op::Eq, "red");
    let refused = boards::show(&store, pipeline.id, &query).await;

    assert_eq!(nothing.unwrap(), None);
    assert!(matches!(
        refused,
        Err(StoreError::Query(QueryError::UnknownField { .. }))
    ));
}

#[tokio::test]
async fn deals_are_listed_by_what_their_stage_means() {
    let store = TestStore::open().await;
    let pipeline = pipeline(&store).await;
    deal(&store, &pipeline, pipeline.stages[0].id, None, 0).await;
    let won = deal(&store, &pipeline, pipeline.stages[2].id, None, 0).await;

    let query = ListQuery::default().with("outcome", Op::Eq, "won");
    let listed = deals::list(&store, &query).await.unwrap();

    let ids: Vec<_> = listed.items.iter().map(|row| row.deal.id).collect();
    assert_eq!(ids, [won.id]);
}

#[tokio::test]
async fn stages_are_renamed_reordered_added_and_removed_with_their_deals() {
    let store = TestStore::open().await;
    let before = pipeline(&store).await;
    let [talks, offer, won, lost] = &before.stages[..] else {
        panic!("four stages")
    };
    let moved = deal(&store, &before, offer.id, None, 0).await;
    let mut after = before.clone();
    let review = stage(&store, "Review", StageOutcome::Open, 0.7);
    let renamed = Stage {
        name: "First talks".to_owned(),
        ..talks.clone()
    };
    after.name = "New business".to_owned();
    after.stages = vec![review, renamed, won.clone(), lost.clone()];
    let moves = vec![Move {
        from: offer.id,
        to: talks.id,
    }];

    let now = now().plus_days(9);
    let changed = pipelines::update(&store, after.clone(), moves, 1, now).await;

    after.version = 2;
    assert_eq!(changed.unwrap(), after);
    let found = pipelines::find(&store, before.id).await.unwrap();
    assert_eq!(found, Some(after));
    let moved = deals::find(&store, moved.id).await.unwrap().unwrap();
    assert_eq!((moved.stage_id, moved.version), (talks.id, 2));
    assert_eq!((moved.stage_entered_at, moved.updated_at), (now, now));
}

#[tokio::test]
async fn a_stage_with_deals_is_not_removed_without_a_target() {
    let store = TestStore::open().await;
    let before = pipeline(&store).await;
    let offer = before.stages[1].id;
    deal(&store, &before, offer, None, 0).await;
    let mut after = before.clone();
    after.stages.remove(1);
    let check = |moves: Vec<Move>, code: &'static str| {
        let (store, after) = (&store, after.clone());
        async move {
            let refused = pipelines::update(store, after, moves, 1, now()).await;
            let Err(StoreError::Invalid(invalid)) = refused else {
                panic!("{refused:?}")
            };
            let broken = &invalid.violations[0];
            assert_eq!((broken.pointer, broken.code), ("/moves", code));
        }
    };

    check(vec![], "target_missing").await;
    let to_nowhere = Move {
        from: offer,
        to: store.id(),
    };
    check(vec![to_nowhere], "unknown_stage").await;
    let to_itself = Move {
        from: offer,
        to: offer,
    };
    check(vec![to_itself], "unknown_stage").await;
    let of_a_stage_that_stays = Move {
        from: before.stages[0].id,
        to: before.stages[2].id,
    };
    check(vec![of_a_stage_that_stays], "unknown_stage").await;

    let found = pipelines::find(&store, before.id).await.unwrap();
    assert_eq!(found, Some(before), "nothing of it was written");
}

#[tokio::test]
async fn a_pipeline_is_changed_in_the_version_that_was_read() {
    let store = TestStore::open().await;
    let pipeline = pipeline(&store).await;
    let update = |expected| pipelines::update(&store, pipeline.clone(), vec![], expected, now());

    let stale = update(7).await;
    let mut unknown = pipeline.clone();
    unknown.id = store.id();
    let unknown = pipelines::update(&store, unknown, vec![], 1, now()).await;

    assert!(matches!(
        stale,
        Err(StoreError::Conflict {
            object: "pipeline",
            expected: 7,
            found: 1
        })
    ));
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })));
    assert_eq!(update(1).await.unwrap().version, 2);
}
