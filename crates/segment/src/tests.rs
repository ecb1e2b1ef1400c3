//! The whole way: planted segments come back, named and explained, whatever the order of rows.

use std::num::NonZeroUsize;

use rand::RngExt;
use rand::seq::SliceRandom;
use rapport_learn::metrics::adjusted_rand_index;
use rapport_learn::{
    Cancellation, Context, Evaluate, Explain, Matrix, Persist, Predict, Provenance, Silent, rng,
};

use crate::testing::{blobs, shop, shop_features};
use crate::*;

fn segmented(
    records: &Matrix,
    features: &[FeatureInfo],
    params: &SegmentParams,
) -> Result<Segmentation, SegmentError> {
    let cancel = Cancellation::default();
    let threads = NonZeroUsize::new(2).unwrap();
    let context = Context::new(5, &Silent, &cancel).with_threads(threads);
    let input = SegmentInput {
        records,
        features,
        values: None,
    };
    fit(&input, params, &context)
}

fn unnamed(n_columns: usize) -> Vec<FeatureInfo> {
    (0..n_columns)
        .map(|column| FeatureInfo::unknown(format!("f{column}")))
        .collect()
}

/// A few resamples and a short range keep tests quick; the figures they check do not need more.
fn quick() -> SegmentParams {
    SegmentParams {
        k_max: 6,
        n_resamples: 6,
        ..SegmentParams::default()
    }
}

#[test]
fn planted_segments_and_their_number_are_found() {
    let (records, truth) = blobs(600, 5, 4, 1.0, 2);

    let found = segmented(&records, &unnamed(5), &quick()).unwrap();

    let report = found.model.report();
    assert_eq!(report.k, 4);
    assert!(adjusted_rand_index(&found.labels, &truth).unwrap() > 0.95);
    assert!(report.stability_ari > 0.95, "{}", report.stability_ari);
    assert_eq!(report.candidates.len(), 10);
    assert_eq!(report.baseline.name, "strips");
    assert!(report.stability_ari > report.baseline.stability_ari);
}

#[test]
fn data_without_segments_is_called_unstable() {
    let mut generator = rng(1, "uniform");
    let values = (0..400 * 6).map(|_| generator.random::<f64>()).collect();
    let records = Matrix::new(400, 6, values).unwrap();

    let params = quick().method(Method::KMeans).k(5);
    let found = segmented(&records, &unnamed(6), &params).unwrap();

    let report = found.model.report();
    assert!(report.stability_ari < 0.6, "{}", report.stability_ari);
    assert!(report.silhouette.unwrap() < 0.2);
}

#[test]
fn segments_of_a_shop_are_named_valued_and_explained() {
    let (records, truth) = shop(300, 3);

    let found = segmented(&records, &shop_features(), &quick()).unwrap();

    let segments = found.model.segments();
    assert_eq!(adjusted_rand_index(&found.labels, &truth), Ok(1.0));
    assert_eq!(segments[0].name.en, "Loyal big spenders");
    assert_eq!(segments[0].name.zh, "忠诚的高消费客户");
    assert!(segments[0].description.en.contains("USD 1,"));
    assert!(segments[0].value_share > 0.8);
    assert!(segments.iter().any(|s| s.name.en.contains("Lapsed")));
    assert!((segments.iter().map(|s| s.share).sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(segments[0].typical_rows.len(), 5);
    for &row in &segments[0].typical_rows {
        assert_eq!(found.labels[row], 0);
    }
    assert_eq!(found.model.report().baseline.name, "rfm");
    let best = records.row(0);
    let why = found.model.explain(best).unwrap();
    assert_eq!(why.segment, found.labels[0]);
    assert!(why.margin > 0.0 && why.margin <= 1.0);
    let first = &why.reasons[0];
    assert_eq!(first.direction, Direction::High);
    assert!(first.value.unwrap() > first.usual);
}

#[test]
fn people_who_have_not_ordered_yet_are_a_segment_of_their_own() {
    let (buyers, _) = shop(300, 3);
    let mut rows: Vec<[f64; 3]> = buyers.rows().map(|r| [r[0], r[1], r[2]]).collect();
    for lead in 0..40 {
        rows.insert(7 * lead, [f64::NAN, 0.0, 0.0]);
    }
    let records = Matrix::from_rows(&rows);
    for method in [Method::Auto, Method::Rfm] {
        let found = segmented(&records, &shop_features(), &quick().method(method)).unwrap();
        let alone = segmented(&buyers, &shop_features(), &quick().method(method)).unwrap();

        let segments = found.model.segments();
        let last = segments.last().unwrap();
        assert_eq!((last.name.en.as_str(), last.size), ("Not yet buyers", 40));
        assert_eq!(segments.len(), alone.model.segments().len() + 1);
        let of_buyers = found.labels.iter().zip(records.rows());
        let of_buyers: Vec<u32> = of_buyers
            .filter(|(_, row)| row[1] > 0.0)
            .map(|(&label, _)| label)
            .collect();
        assert_eq!(of_buyers, alone.labels);
        assert_eq!(found.model.predict(&records).unwrap(), found.labels);
        let why = found.model.explain(&[f64::NAN, 0.0, 0.0]).unwrap();
        assert_eq!((why.segment, why.reasons.len()), (last.idx, 1));
        let cancel = Cancellation::default();
        let context = Context::new(1, &Silent, &cancel);
        let figure = |rows: &Matrix| found.model.evaluate(rows, &context).unwrap()["silhouette"];
        // How well segments stand apart is measured on those who can be told apart.
        assert_eq!(figure(&records), figure(&buyers));
    }
}

#[test]
fn names_are_unique() {
    let (records, _) = blobs(900, 3, 9, 0.5, 4);

    let params = quick().method(Method::KMeans).k(9);
    let found = segmented(&records, &shop_features(), &params).unwrap();

    for language in [rapport_domain::Language::En, rapport_domain::Language::Zh] {
        let mut names: Vec<&str> = found
            .model
            .segments()
            .iter()
            .map(|segment| segment.name.get(language))
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 9);
    }
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let (records, _) = shop(240, 8);
    let mut order: Vec<usize> = (0..240).collect();
    order.shuffle(&mut rng(9, "order"));

    let straight = segmented(&records, &shop_features(), &quick()).unwrap();
    let shuffled = segmented(&records.select_rows(&order), &shop_features(), &quick()).unwrap();

    let moved: Vec<u32> = order.iter().map(|&row| straight.labels[row]).collect();
    assert_eq!(moved, shuffled.labels);
    assert_eq!(straight.model.report(), shuffled.model.report());
}

#[test]
fn threads_do_not_change_the_segments_and_one_seed_gives_one_result() {
    let (records, _) = shop(150, 4);
    let features = shop_features();
    let input = SegmentInput {
        records: &records,
        features: &features,
        values: None,
    };
    let cancel = Cancellation::default();
    let context = Context::new(5, &Silent, &cancel);

    let alone = fit(&input, &quick(), &context).unwrap();

    assert_eq!(alone, segmented(&records, &features, &quick()).unwrap());
}

#[test]
fn the_unit_of_a_feature_changes_no_segment() {
    let (records, _) = shop(210, 6);
    let mut cents = records.clone();
    for row in cents.rows_mut() {
        row[2] *= 128.0;
    }

    let dollars = segmented(&records, &shop_features(), &quick()).unwrap();
    let cents = segmented(&cents, &shop_features(), &quick()).unwrap();

    assert_eq!(adjusted_rand_index(&dollars.labels, &cents.labels), Ok(1.0));
}

#[test]
fn new_customers_go_where_fitted_ones_like_them_went() {
    for method in [Method::KMeans, Method::Ward, Method::Rfm] {
        let (records, _) = shop(180, 5);
        let params = quick().method(method).k(3);

        let found = segmented(&records, &shop_features(), &params).unwrap();

        assert_eq!(found.model.report().method, method);
        assert_eq!(found.model.predict(&records).unwrap(), found.labels);
        assert_eq!(found.model.places(&records).unwrap(), found.map);
        for (row, &label) in records.rows().zip(&found.labels).take(20) {
            assert_eq!(found.model.explain(row).unwrap().segment, label);
        }
        assert!(found.model.predict(&Matrix::zeros(1, 7)).is_err());
        assert!(found.model.explain(&[1.0]).is_err());
    }
}

#[test]
fn reasons_add_up_to_the_decision() {
    let (records, _) = shop(180, 5);
    let params = quick().method(Method::KMeans).k(3);
    let found = segmented(&records, &shop_features(), &params).unwrap();

    for row in records.rows().take(30) {
        let why = found.model.explain(row).unwrap();
        let speaking_for: f64 = why.reasons.iter().map(|r| r.contribution).sum();
        assert!(speaking_for > 0.0);
        assert!(
            why.reasons
                .is_sorted_by(|a, b| a.contribution >= b.contribution)
        );
    }
}

#[test]
fn rfm_by_name_has_the_names_of_the_field() {
    let (records, _) = shop(300, 2);

    let params = quick().method(Method::Rfm);
    let found = segmented(&records, &shop_features(), &params).unwrap();

    let names: Vec<&str> = found
        .model
        .segments()
        .iter()
        .map(|segment| segment.name.en.as_str())
        .collect();
    assert!(names.contains(&"Champions"), "{names:?}");
    let refused = segmented(&records, &unnamed(3), &params);
    assert!(matches!(refused, Err(SegmentError::RoleMissing { .. })));
}

#[test]
fn a_model_reads_back_from_its_folder() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("segments");
    let (records, _) = shop(150, 7);
    let found = segmented(&records, &shop_features(), &quick()).unwrap();
    let provenance = Provenance {
        version: "1".into(),
        code_version: "0.1.0".into(),
        created_at: Default::default(),
        as_of: None,
    };

    found.model.save(&folder, &provenance).unwrap();
    let read = SegmentModel::load(&folder).unwrap();

    assert_eq!(read.predict(&records).unwrap(), found.labels);
    assert_eq!(read.feature_names(), found.model.feature_names());
    assert_eq!(read.report().k, found.model.report().k);
    assert!(read.segments().iter().all(|s| s.typical_rows.is_empty()));
    let card = std::fs::read_to_string(folder.join("card.md")).unwrap();
    assert!(card.contains(&found.model.segments()[0].name.zh));
}

#[test]
fn a_model_is_measured_on_new_customers() {
    let (records, _) = shop(300, 3);
    let found = segmented(&records, &shop_features(), &quick()).unwrap();
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);

    let metrics = found.model.evaluate(&shop(150, 99).0, &context).unwrap();

    assert!(metrics["silhouette"] > 0.5);
    assert_eq!(metrics["segments_in_use"], 1.0);
    let alone = records.select_rows(&[0]);
    assert!(found.model.evaluate(&alone, &context).is_err());
}

#[test]
fn too_few_and_too_equal_customers_are_refused_by_name() {
    let (records, _) = shop(19, 1);
    let features = shop_features();

    let few = segmented(&records, &features, &quick());
    let few_per_segment = segmented(&shop(30, 1).0, &features, &quick().k(7));
    let equal = segmented(&Matrix::from_rows(&[[1.0; 3]; 50]), &features, &quick());
    let two_kinds: Vec<[f64; 3]> = (0..50).map(|i| [f64::from(i % 2), 1.0, 1.0]).collect();
    let kinds = segmented(&Matrix::from_rows(&two_kinds), &features, &quick().k(3));

    assert!(matches!(
        few,
        Err(SegmentError::TooFewCustomers {
            needed: 20,
            found: 19
        })
    ));
    assert!(matches!(
        few_per_segment,
        Err(SegmentError::TooFewCustomers { needed: 35, .. })
    ));
    assert_eq!(equal, Err(SegmentError::NoUsefulFeature));
    assert!(matches!(
        kinds,
        Err(SegmentError::TooFewDistinct {
            needed: 3,
            found: 2
        })
    ));
    assert!(segmented(&records, &features, &quick().k(1)).is_err());
    assert!(segmented(&records, &features[..2], &quick()).is_err());
}

#[test]
fn missing_and_infinite_values_are_borne() {
    let (mut records, truth) = shop(300, 3);
    for row in 0..60 {
        records.row_mut(5 * row)[row % 3] = f64::NAN;
    }
    records.row_mut(7)[2] = f64::INFINITY;
    records.row_mut(8)[1] = f64::NEG_INFINITY;

    let found = segmented(&records, &shop_features(), &quick()).unwrap();

    assert!(adjusted_rand_index(&found.labels, &truth).unwrap() > 0.7);
    assert!(found.map.iter().flatten().all(|place| place.is_finite()));
    let profile = &found.model.segments()[0];
    assert!(profile.value.is_finite());
    assert!(profile.traits.iter().all(|t| t.typical.is_finite()));
}

#[test]
fn a_cancelled_segmentation_stops() {
    let (records, _) = shop(300, 3);
    let features = shop_features();
    let cancel = Cancellation::default();
    cancel.cancel();
    let input = SegmentInput {
        records: &records,
        features: &features,
        values: None,
    };

    let stopped = fit(&input, &quick(), &Context::new(1, &Silent, &cancel));

    assert!(matches!(
        stopped,
        Err(SegmentError::Learn(rapport_learn::LearnError::Cancelled))
    ));
}

#[test]
fn values_handed_in_decide_the_order_of_segments() {
    let (records, truth) = shop(150, 3);
    let features = shop_features();
    let values: Vec<f64> = truth.iter().map(|&kind| f64::from(kind == 2)).collect();
    let input = SegmentInput {
        records: &records,
        features: &features,
        values: Some(&values),
    };
    let cancel = Cancellation::default();

    let params = quick().k(3);
    let found = fit(&input, &params, &Context::new(1, &Silent, &cancel)).unwrap();

    assert!(found.model.segments()[0].value_share > 0.95);
    assert_eq!(found.labels[2], 0);
    let wrong = SegmentInput {
        values: Some(&values[1..]),
        ..input
    };
    assert!(fit(&wrong, &quick(), &Context::new(1, &Silent, &cancel)).is_err());
}
