//! Losses of one row as functions of its scores, with their derivatives.

/// A loss that is convex and has a derivative everywhere.
pub(super) trait RowLoss: Sync {
    /// Scores per row.
    fn n_outputs(&self) -> usize;

    /// The loss of a row with this label; its derivatives take the place of the scores.
    fn derive(&self, label: u32, scores: &mut [f64]) -> f64;
}

/// Negative log likelihood of a yes-or-no outcome with log odds `score`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Logistic;

impl RowLoss for Logistic {
    fn n_outputs(&self) -> usize {
        1
    }

    fn derive(&self, label: u32, scores: &mut [f64]) -> f64 {
        let score = scores[0];
        let outcome = f64::from(label);
        scores[0] = sigmoid(score) - outcome;
        // ln(1 + e^s) - y s, without overflow for large s.
        score.max(0.0) + (-score.abs()).exp().ln_1p() - outcome * score
    }
}

/// Negative log likelihood of one of several classes, with the scores' softmax as probabilities.
#[derive(Debug, Clone, Copy)]
pub(super) struct Softmax {
    pub(super) n_classes: usize,
}

impl RowLoss for Softmax {
    fn n_outputs(&self) -> usize {
        self.n_classes
    }

    fn derive(&self, label: u32, scores: &mut [f64]) -> f64 {
        let own = scores[label as usize];
        let log_sum = softmax(scores);
        scores[label as usize] -= 1.0;
        log_sum - own
    }
}

/// Squared hinge of each class against the rest; with two classes, of the second against the first.
#[derive(Debug, Clone, Copy)]
pub(super) struct SquaredHinge {
    pub(super) n_classes: usize,
}

impl RowLoss for SquaredHinge {
    fn n_outputs(&self) -> usize {
        if self.n_classes == 2 {
            1
        } else {
            self.n_classes
        }
    }

    fn derive(&self, label: u32, scores: &mut [f64]) -> f64 {
        let first = if self.n_classes == 2 { 1 } else { 0 };
        let mut loss = 0.0;
        for (class, score) in (first..).zip(scores) {
            let side = if class == label { 1.0 } else { -1.0 };
            let short = (1.0 - side * *score).max(0.0);
            loss += short * short;
            *score = -2.0 * side * short;
        }
        loss
    }
}

/// `1 / (1 + e^-score)`.
pub(crate) fn sigmoid(score: f64) -> f64 {
    if score >= 0.0 {
        1.0 / (1.0 + (-score).exp())
    } else {
        let odds = score.exp();
        odds / (1.0 + odds)
    }
}

/// Turns scores into probabilities; the logarithm of the sum of their exponentials.
pub(crate) fn softmax(scores: &mut [f64]) -> f64 {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for score in &mut *scores {
        *score = (*score - largest).exp();
        sum += *score;
    }
    for score in &mut *scores {
        *score /= sum;
    }
    largest + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_derivatives(loss: &impl RowLoss, label: u32, scores: &[f64]) {
        const STEP: f64 = 1e-6;
        let mut derivatives = scores.to_vec();
        loss.derive(label, &mut derivatives);

        for (output, derivative) in derivatives.iter().enumerate() {
            let at = |step: f64| {
                let mut moved = scores.to_vec();
                moved[output] += step;
                loss.derive(label, &mut moved)
            };
            let slope = (at(STEP) - at(-STEP)) / (2.0 * STEP);
            assert!((slope - derivative).abs() < 1e-8, "{slope} {derivative}");
        }
    }

    #[test]
    fn derivatives_agree_with_differences() {
        for label in 0..2 {
            check_derivatives(&Logistic, label, &[0.3]);
            check_derivatives(&Logistic, label, &[-4.0]);
            check_derivatives(&SquaredHinge { n_classes: 2 }, label, &[0.3]);
            check_derivatives(&Softmax { n_classes: 3 }, label, &[0.3, -1.0, 2.0]);
            check_derivatives(&SquaredHinge { n_classes: 3 }, label, &[0.3, -1.5, 2.0]);
        }
    }

    #[test]
    fn extreme_scores_stay_finite() {
        let mut scores = [900.0];
        assert_eq!(Logistic.derive(0, &mut scores), 900.0);
        assert_eq!(scores, [1.0]);

        let mut scores = [-900.0, 900.0];
        assert_eq!(Softmax { n_classes: 2 }.derive(0, &mut scores), 1800.0);
        assert_eq!(scores, [-1.0, 1.0]);
    }
}
