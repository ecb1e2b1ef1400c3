//! Customers of today in the segments of a model that was made earlier.

use rapport_domain::LocalizedText;
use rapport_learn::{Context, LearnError, Predict as _};

use crate::fit::{self, Segmentation};
use crate::model::{Assigner, SegmentModel};
use crate::portrait::{self, SegmentProfile, Sitting};
use crate::prospects::Prospects;
use crate::{FeatureInfo, SegmentError, SegmentInput};

impl SegmentModel {
    /// Puts customers into the segments as they stand. What defines them stays: the centers, the axes
    /// of the map, numbers and names. Sizes, values, traits and typical customers are today's. A
    /// segment that nobody is in any more keeps its earlier traits, with size and value 0.
    ///
    /// # Errors
    /// Those of [`SegmentModel::require_known`], no customers, cancellation.
    pub fn apply(
        &self,
        input: &SegmentInput<'_>,
        context: &Context<'_>,
    ) -> Result<Segmentation, SegmentError> {
        let values = fit::checked_values(input)?;
        self.require_known(input)?;
        if values.is_empty() {
            let (needed, found) = (1, 0);
            return Err(LearnError::TooFewRows { needed, found }.into());
        }
        context.progress.report("describe", 0, 1);
        let labels = self.predict(input.records)?;
        let prepared = self.preparation.transform(input.records)?;
        let n_learned = self.assigner.n_segments();
        let sitting = Sitting {
            records: input.records,
            prepared: &prepared,
            features: input.features,
            preparation: &self.preparation,
            values: &values,
            labels: &labels,
            n_segments: self.segments.len(),
            prospects: self.prospects.map(|_| n_learned as u32),
            rfm_names: match &self.assigner {
                Assigner::Rfm { numbered, .. } => Some(numbered),
                Assigner::Centers { .. } => None,
            },
        };
        let drawn = portrait::draw(&sitting, context)?;
        let kept = self.segments.iter().zip(drawn);
        let mut model = self.clone();
        model.segments = kept.map(|(before, today)| renewed(before, today)).collect();
        model.report.n_customers = labels.len();
        model.report.k = model.segments.iter().filter(|s| s.size > 0).count();
        let map = self.plane.places(&prepared)?;
        context.progress.report("describe", 1, 1);
        Ok(Segmentation { model, labels, map })
    }

    /// Whether it can tell the segments of these customers.
    ///
    /// # Errors
    /// [`SegmentError::OtherFeatures`], or [`SegmentError::ProspectsUnknown`] where people without an
    /// order came first after it was made.
    pub fn require_known(&self, input: &SegmentInput<'_>) -> Result<(), SegmentError> {
        let is_other = |(a, b): (&FeatureInfo, &FeatureInfo)| {
            (&a.name, a.unit, a.role) != (&b.name, b.unit, b.role)
        };
        let mut pairs = self.features.iter().zip(input.features);
        if self.features.len() != input.features.len() || pairs.any(is_other) {
            return Err(SegmentError::OtherFeatures);
        }
        let prospects = Prospects::by(input.features).filter(|_| self.prospects.is_none());
        let is_prospect = |row: &[f64]| prospects.is_some_and(|prospects| prospects.include(row));
        if input.records.rows().any(is_prospect) {
            return Err(SegmentError::ProspectsUnknown);
        }
        Ok(())
    }
}

/// A portrait of today under the name that people know.
fn renewed(before: &SegmentProfile, today: SegmentProfile) -> SegmentProfile {
    if today.size == 0 {
        return SegmentProfile {
            size: 0,
            share: 0.0,
            value: 0.0,
            value_share: 0.0,
            typical_rows: Vec::new(),
            description: LocalizedText::new(
                "Nobody is in this segment now.",
                "目前没有客户属于此分群。",
            ),
            ..before.clone()
        };
    }
    SegmentProfile {
        name: before.name.clone(),
        ..today
    }
}

#[cfg(test)]
mod tests {
    use rapport_learn::{Cancellation, Matrix, Silent};

    use super::*;
    use crate::testing::{shop, shop_features};
    use crate::{Method, SegmentParams, Unit};

    fn context(cancel: &Cancellation) -> Context<'_> {
        Context::new(5, &Silent, cancel)
    }

    fn fitted(records: &Matrix, method: Method) -> Segmentation {
        let features = shop_features();
        let params = SegmentParams {
            k_max: 4,
            n_resamples: 2,
            method,
            ..SegmentParams::default()
        };
        let cancel = Cancellation::default();
        fit::fit(&input(records, &features), &params, &context(&cancel)).unwrap()
    }

    fn input<'a>(records: &'a Matrix, features: &'a [FeatureInfo]) -> SegmentInput<'a> {
        SegmentInput {
            records,
            features,
            values: None,
        }
    }

    fn applied(model: &SegmentModel, records: &Matrix) -> Result<Segmentation, SegmentError> {
        let cancel = Cancellation::default();
        model.apply(&input(records, &shop_features()), &context(&cancel))
    }

    #[test]
    fn the_customers_that_it_was_made_from_stay_as_they_are() {
        let (records, _) = shop(300, 3);

        for method in [Method::KMeans, Method::Rfm] {
            let before = fitted(&records, method);
            let after = applied(&before.model, &records).unwrap();

            assert_eq!(after.labels, before.labels);
            assert_eq!(after.map, before.map);
            let pairs = after.model.segments().iter().zip(before.model.segments());
            for (after, before) in pairs {
                let told =
                    |s: &SegmentProfile| (s.idx, s.size, s.name.clone(), s.description.clone());
                assert_eq!(told(after), told(before));
            }
        }
    }

    #[test]
    fn segments_keep_their_names_while_customers_come_and_go() {
        let (records, truth) = shop(300, 3);
        let before = fitted(&records, Method::KMeans);
        let loyal: Vec<usize> = (0..300).filter(|&row| truth[row] == 0).collect();
        let gone = before.labels[truth.iter().position(|&kind| kind == 2).unwrap()] as usize;

        let after = applied(&before.model, &records.select_rows(&loyal)).unwrap();

        assert!(after.labels.iter().all(|&label| label == 0));
        let segments = after.model.segments();
        let earlier = before.model.segments();
        assert_eq!(segments.len(), earlier.len());
        assert_eq!(segments[0].name, earlier[0].name);
        assert_eq!((segments[0].size, segments[0].share), (100, 1.0));
        assert_eq!((segments[gone].size, segments[gone].value), (0, 0.0));
        assert_eq!(segments[gone].name, earlier[gone].name);
        assert_eq!(segments[gone].traits, earlier[gone].traits);
        assert!(segments[gone].typical_rows.is_empty());
        let report = after.model.report();
        assert_eq!((report.n_customers, report.k), (100, 1));
        // They are all there are, so that nothing sets them apart from all.
        assert!(segments[0].traits.iter().all(|t| t.z.abs() < 1e-9));
        for profile in segments {
            assert!(profile.value.is_finite() && profile.traits.iter().all(|t| t.z.is_finite()));
        }
    }

    #[test]
    fn customers_whom_it_cannot_know_are_refused() {
        let (records, _) = shop(300, 3);
        let model = fitted(&records, Method::KMeans).model;
        let nobody = Matrix::new(0, 3, Vec::new()).unwrap();
        let prospect = Matrix::from_rows(&[[f64::NAN, 0.0, 0.0]]);
        let mut features = shop_features();
        features[2].name = "spent_this_year".to_owned();

        let cancel = Cancellation::default();
        let other = model.apply(&input(&records, &features), &context(&cancel));
        let narrow = Matrix::from_rows(&[[1.0, 2.0]]);
        let narrow = model.apply(&input(&narrow, &features[..2]), &context(&cancel));

        features[2].name = "total_spent".to_owned();
        features[2].unit = Unit::Money(rapport_domain::Currency::GBP);
        let pounds = model.apply(&input(&records, &features), &context(&cancel));

        assert_eq!(other.unwrap_err(), SegmentError::OtherFeatures);
        assert_eq!(pounds.unwrap_err(), SegmentError::OtherFeatures);
        assert_eq!(narrow.unwrap_err(), SegmentError::OtherFeatures);
        assert_eq!(
            applied(&model, &prospect).unwrap_err(),
            SegmentError::ProspectsUnknown
        );
        assert!(matches!(
            applied(&model, &nobody).unwrap_err(),
            SegmentError::Learn(LearnError::TooFewRows { .. })
        ));
    }
}
