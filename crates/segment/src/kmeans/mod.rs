//! k-means: centers that make the summed squared distance of rows to their nearest center small.

mod assign;
mod lloyd;
mod memory;
mod round;
mod scaled;
mod start;

use rapport_learn::{Check, Context, Fit, Matrix, Predict, map_parts};
use serde::{Deserialize, Serialize};

use crate::SegmentError;
use crate::distance::require_range;
use lloyd::{Lloyd, Refined};

/// From this many rows on, restarts run on a sample and only the best is refined on all rows.
const SAMPLE_FROM: usize = 50_000;
/// Size of that sample.
const SAMPLE_SIZE: usize = 20_000;

/// How to find k centers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KMeansParams {
    /// Number of centers.
    pub k: usize,
    /// Restarts from different draws, of which the best is kept. Default 10.
    pub n_init: usize,
    /// Rounds of Lloyd's algorithm at most. Default 300.
    pub max_iterations: usize,
    /// Stop when the squared movement of all centers together is at most this multiple of the mean
    /// variance of a column. Default 0.0001.
    pub tolerance: f64,
}

/// Checked [`KMeansParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidKMeansParams(KMeansParams);

/// k-means by Lloyd's algorithm: each row goes to its nearest center, each center to the mean of
/// its rows, until nothing changes. Ties go to the center with the lower number.
///
/// The steps are exactly Lloyd's; only the work is less. Distances of a compact copy of the rows,
/// taken in lanes and with a bound on their error, settle nearly every row, and the rest are
/// compared in double precision.
/// After that a row is looked at again only when the centers have moved so far that its nearest
/// could have changed (Hamerly's bounds, merged into one number per row). Starts are k-means++
/// with several candidates per draw; a center that loses all rows moves to the row that is
/// farthest from its own.
///
/// Use it for compact groups of similar spread in columns on a common scale. It cuts elongated
/// groups apart, and it finds k groups whether there are any or not: ask
/// [`stability`](crate::Candidate::stability_ari) before believing them.
///
/// # Sources
/// Lloyd (1982), "Least squares quantization in PCM"; Arthur & Vassilvitskii (2007), "k-means++:
/// the advantages of careful seeding"; Hamerly (2010), "Making k-means even faster"; Hamerly &
/// Drake (2015), "Accelerating Lloyd's algorithm for k-means clustering".
///
/// ```
/// use rapport_learn::{Cancellation, Check, Context, Fit, Matrix, Predict, Silent};
/// use rapport_segment::KMeansParams;
///
/// let rows = Matrix::from_rows(&[[0.0], [1.0], [10.0], [11.0]]);
/// let cancel = Cancellation::default();
/// let context = Context::new(7, &Silent, &cancel);
///
/// let model = KMeansParams::new(2).check()?.fit(&rows, &context)?;
///
/// let labels = model.predict(&rows)?;
/// assert_eq!(labels[0], labels[1]);
/// assert_ne!(labels[0], labels[2]);
/// assert_eq!(model.inertia(), 1.0);
/// # Ok::<(), rapport_segment::SegmentError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KMeans {
    centers: Matrix,
    inertia: f64,
    n_iterations: usize,
    converged: bool,
}

impl KMeansParams {
    /// The defaults for k centers.
    pub fn new(k: usize) -> Self {
        Self {
            k,
            n_init: 10,
            max_iterations: 300,
            tolerance: 1e-4,
        }
    }

    /// The same with another number of restarts.
    #[must_use]
    pub fn n_init(self, n_init: usize) -> Self {
        Self { n_init, ..self }
    }
}

impl Check for KMeansParams {
    type Valid = ValidKMeansParams;
    type Error = SegmentError;

    fn check(self) -> Result<ValidKMeansParams, SegmentError> {
        let at_least_one = [
            ("k", self.k),
            ("n_init", self.n_init),
            ("max_iterations", self.max_iterations),
        ];
        for (name, value) in at_least_one {
            if value == 0 {
                return Err(SegmentError::parameter(name, 0, "use at least 1"));
            }
        }
        if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) {
            return Err(SegmentError::parameter(
                "tolerance",
                self.tolerance,
                "use a number from 0 up",
            ));
        }
        Ok(ValidKMeansParams(self))
    }
}

impl Fit<Matrix> for ValidKMeansParams {
    type Model = KMeans;
    type Error = SegmentError;

    fn fit(&self, records: &Matrix, context: &Context<'_>) -> Result<KMeans, SegmentError> {
        Ok(self.fit_with_labels(records, context)?.0)
    }
}

impl ValidKMeansParams {
    /// Fits, and tells the center of each row, which the fit knows anyway.
    ///
    /// # Errors
    /// Fewer rows, or fewer different rows, than centers; missing or huge values; cancellation.
    pub fn fit_with_labels(
        &self,
        records: &Matrix,
        context: &Context<'_>,
    ) -> Result<(KMeans, Vec<u32>), SegmentError> {
        self.require_rows(records)?;
        if records.n_rows() < SAMPLE_FROM {
            let refined = self.best_restart(records, context)?;
            return Ok(KMeans::of(refined));
        }
        let drawn = start::sample_rows(records.n_rows(), SAMPLE_SIZE, context.seed);
        let sampled = self.best_restart(&records.select_rows(&drawn), context)?;
        self.fit_from(records, &sampled.centers, context)
    }

    /// Runs Lloyd's algorithm from given centers, `(k, n_features)`, without restarts.
    ///
    /// # Errors
    /// As [`fit_with_labels`](Self::fit_with_labels), or centers of another shape.
    pub fn fit_from(
        &self,
        records: &Matrix,
        centers: &Matrix,
        context: &Context<'_>,
    ) -> Result<(KMeans, Vec<u32>), SegmentError> {
        self.require_rows(records)?;
        centers.require_columns(records.n_columns())?;
        require_range(centers)?;
        if centers.n_rows() != self.0.k {
            return Err(SegmentError::Learn(rapport_learn::LearnError::Shape {
                what: "centers",
                expected: self.0.k,
                found: centers.n_rows(),
            }));
        }
        let refined = Lloyd::new(records, context)?.refine(centers.clone(), &self.0, context)?;
        Ok(KMeans::of(refined))
    }

    /// The best of several starts. Restarts share the threads: rows are few here.
    fn best_restart(
        &self,
        records: &Matrix,
        context: &Context<'_>,
    ) -> Result<Refined, SegmentError> {
        require_range(records)?;
        let alone = context.with_threads(std::num::NonZeroUsize::MIN);
        let lloyd = Lloyd::new(records, context)?;
        let runs = map_parts(context.threads, 0..self.0.n_init, |restart| {
            let centers = start::plus_plus(records, self.0.k, restart, &alone)?;
            lloyd.refine(centers, &self.0, &alone)
        });
        let mut best: Option<Refined> = None;
        for run in runs {
            let run = run?;
            if best.as_ref().is_none_or(|best| run.inertia < best.inertia) {
                best = Some(run);
            }
        }
        Ok(best.expect("checked parameters restart at least once"))
    }

    fn require_rows(&self, records: &Matrix) -> Result<(), SegmentError> {
        if records.n_columns() == 0 {
            return Err(SegmentError::NoUsefulFeature);
        }
        if records.n_rows() < self.0.k {
            return Err(SegmentError::TooFewCustomers {
                needed: self.0.k,
                found: records.n_rows(),
            });
        }
        Ok(())
    }
}

impl KMeans {
    fn of(refined: Refined) -> (Self, Vec<u32>) {
        let model = Self {
            centers: refined.centers,
            inertia: refined.inertia,
            n_iterations: refined.n_iterations,
            converged: refined.converged,
        };
        (model, refined.labels)
    }

    /// The centers, `(k, n_features)`.
    pub fn centers(&self) -> &Matrix {
        &self.centers
    }

    /// Summed squared distance of the fitted rows to their centers.
    pub fn inertia(&self) -> f64 {
        self.inertia
    }

    /// Rounds that the kept restart took.
    pub fn n_iterations(&self) -> usize {
        self.n_iterations
    }

    /// Whether it stopped by itself and not at the limit of rounds.
    pub fn converged(&self) -> bool {
        self.converged
    }
}

impl Predict<Matrix> for KMeans {
    type Prediction = Vec<u32>;
    type Error = SegmentError;

    /// The nearest center of each row, `(n_samples,)`.
    fn predict(&self, records: &Matrix) -> Result<Vec<u32>, SegmentError> {
        crate::distance::nearest(records, &self.centers)
    }
}

#[cfg(test)]
mod tests;
