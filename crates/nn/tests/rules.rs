//! Rules in a real training: a right one helps where data are few, a wrong one is refused and shown.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rapport_learn::{Cancellation, Check, Context, Silent, rng};
use rapport_nn::models::{Mlp, MlpConfig, TableBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::rules::{
    JudgedRule, Rule, Verdict, WeightedRule, judge_rules, loss_with_rules, rows_around,
};
use rapport_nn::train::{Task, TrainParams};
use rapport_nn::{Draws, NnError};

const N_FREE: usize = 128;
const N_TRAINING: usize = 400;

/// Customers whose risk falls with their revenue and rises with their complaints. Those to train on
/// are few, and half of the rich ones were written down as at risk; those to judge by are clean.
struct Customers {
    /// Revenue and complaints, each from -1 to 1.
    rows: Vec<[f32; 2]>,
    /// 1 for those at risk.
    classes: Vec<usize>,
    n_training: usize,
    rules: Vec<WeightedRule>,
}

impl Customers {
    fn new() -> Self {
        let mut generator = rng(5, "customers");
        let mut draw = || generator.random_range(-1.0..1.0_f32);
        let (mut rows, mut classes) = (Vec::new(), Vec::new());
        for i in 0..1500 {
            let row = [draw(), draw()];
            let risk = 1.0 / (1.0 + (3.0 * row[0] - 2.0 * row[1]).exp());
            let is_at_risk = 0.5 * (draw() + 1.0) < risk;
            let is_wrong = i < N_TRAINING && row[0] > 0.3 && draw() > 0.0;
            rows.push(row);
            classes.push(usize::from(is_at_risk || is_wrong));
        }
        Self {
            rows,
            classes,
            n_training: N_TRAINING,
            rules: Vec::new(),
        }
    }

    fn batch(&self, examples: &[usize], device: &Device) -> (Tensor<2>, Arc<[usize]>) {
        let numbers: Vec<f32> = examples.iter().flat_map(|i| self.rows[*i]).collect();
        let numbers = TensorData::new(numbers, [examples.len(), 2]);
        let classes = examples.iter().map(|i| self.classes[*i]).collect();
        (Tensor::from_data(numbers, device), classes)
    }

    /// Log loss on the rows that were held back, after a training with the rules.
    fn held_back_loss(&self, rules: &[WeightedRule]) -> Result<f64, NnError> {
        let task = Self {
            rows: self.rows.clone(),
            classes: self.classes.clone(),
            rules: rules.to_vec(),
            ..*self
        };
        let device = support::device();
        let config = MlpConfig {
            hidden: vec![16],
            ..MlpConfig::new(2, Vec::new(), 2)
        };
        let draws = &mut Draws::new(1, "weights");
        let network = config.init(&device.clone().autodiff(), draws)?;
        let params = TrainParams {
            n_epochs: 15,
            batch_size: 20,
            learning_rate: 0.02,
            ..TrainParams::default()
        };
        let cancel = Cancellation::default();
        let context = Context::new(1, &Silent, &cancel);
        let fitted = params
            .check()?
            .fit(&task, network, &device, &context, &mut (), None)?;
        let held_back: Vec<usize> = (self.n_training..self.rows.len()).collect();
        let (x, classes) = self.batch(&held_back, &device);
        let losses = cross_entropy(logits(&fitted.network, x), &classes);
        Ok(f64::from(losses.mean().into_scalar::<f32>()))
    }
}

fn logits(network: &Mlp, x: Tensor<2>) -> Tensor<2> {
    let batch = TableBatch {
        numeric: Some(x),
        categories: Vec::new(),
    };
    network.forward(&batch, &mut None)
}

impl Task for Customers {
    type Network = Mlp;

    fn n_examples(&self) -> usize {
        self.n_training
    }

    fn loss(
        &self,
        network: &Mlp,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let (x, classes) = self.batch(examples, &network.devices()[0]);
        let losses = cross_entropy(logits(network, x.clone()), &classes);
        let draws = chance.as_mut().expect("a training draws");
        let free = rows_around(&x, N_FREE, draws);
        let of = |x| logits(network, x);
        Ok(loss_with_rules(&self.rules, &x, losses, &free, of, draws))
    }

    fn validate(&self, _network: &Mlp) -> Result<Option<f64>, NnError> {
        Ok(None)
    }
}

fn revenue(is_rising: bool) -> Rule {
    Rule::Monotone {
        column: 0,
        class: 1,
        is_rising,
        range: 1.0,
    }
}

fn complaints(least: f64, class: usize, strength: f64) -> Rule {
    Rule::Implies {
        column: 1,
        least,
        most: 1.0,
        class,
        strength,
    }
}

fn judged(rules: &[Rule]) -> Vec<JudgedRule> {
    let customers = Customers::new();
    judge_rules(rules, &[0.5, 5.0], |rules| customers.held_back_loss(rules)).unwrap()
}

#[test]
fn right_rules_are_kept_and_help_where_the_data_are_wrong() {
    let judged = judged(&[
        revenue(false),
        // The rich are seldom at risk.
        Rule::Implies {
            column: 0,
            least: 0.3,
            most: 1.0,
            class: 0,
            strength: 1.0,
        },
    ]);

    let rises: Vec<f64> = judged
        .iter()
        .map(|judged| match judged.verdict {
            Verdict::Kept { rise } => rise,
            Verdict::Refused { .. } => panic!("{judged}"),
        })
        .collect();
    assert!(rises[0] < -0.03, "the right rule helps: {rises:?}");
}

#[test]
fn wrong_rules_are_refused_and_shown() {
    for (wrong, part) in [
        (
            revenue(true),
            "more of column 0 makes class 1 no less likely",
        ),
        (
            complaints(-0.2, 0, 6.0),
            "column 1 from -0.2 to 1 speaks for class 0",
        ),
        (
            Rule::Order { lower: 1, upper: 0 },
            "class 1 is nowhere likelier than class 0",
        ),
    ] {
        let judged = judged(&[wrong]);

        assert!(
            matches!(judged[0].verdict, Verdict::Refused { rise } if rise > Verdict::MOST),
            "{judged:?}"
        );
        let shown = judged[0].to_string();
        let expected = format!("refused: {part} contradicts the data: held-back loss +");
        assert!(shown.starts_with(&expected), "{shown}");
    }
}
