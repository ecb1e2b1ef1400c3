//! Sentiment under attack: a text CNN before and after cleaning and training on attacked texts.

use std::cell::RefCell;
use std::error::Error;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rapport_learn::{Cancellation, Check, Context, Silent, rng, split};
use rapport_nn::adversarial::{
    Attack, Challenge, RobustnessReport, TextAttack, attack_text, clean_text, hardened_loss,
};
use rapport_nn::models::{TextCnn, TextCnnConfig, TokenBatch};
use rapport_nn::ops::cross_entropy;
use rapport_nn::tokens::{Vocabulary, VocabularyParams};
use rapport_nn::train::{Task, TrainParams};
use rapport_nn::{Draws, NnError};

use crate::reviews;

const SEED: u64 = 1;
const MAX_STEPS: usize = 80;
const N_TRAINING: usize = 3_000;
const N_TESTED: usize = 800;
/// Share of the characters that attackers change.
const SHARE: f64 = 0.15;
/// How far the tokens' numbers are pushed while hardening: by held-back texts. Pushed by 0.5 the network
/// learns nothing at all in its first epochs.
const PUSH: Attack = Attack::Fgm { epsilon: 0.1 };

/// A text and its class.
type Labeled = (String, usize);

/// Two reports: what cleaning does alone, and what training on attacked texts adds to it.
pub(crate) fn reports(name: &str) -> Result<Vec<RobustnessReport>, Box<dyn Error>> {
    let train = reviews::read(name, "train")?;
    let test = reviews::read(name, "dev")?;
    let picked = split::holdout(train.len(), 0.1, SEED)?;
    let pick = |rows: &[usize]| {
        rows.iter()
            .map(|row| train[*row].clone())
            .collect::<Vec<_>>()
    };
    let rows = &picked.train[..N_TRAINING.min(picked.train.len())];
    let (train, held_back) = (pick(rows), pick(&picked.test[..300.min(picked.test.len())]));
    let test: Vec<Labeled> = test.into_iter().take(N_TESTED).collect();

    let plain = Reader::train(&train, &held_back, false)?;
    let cleaned = Reader {
        cleans: true,
        ..plain.clone()
    };
    let hardened = Reader::train(&train, &held_back, true)?;
    let attacks = TextAttack::ALL.map(|attack| Challenge::Text {
        attack,
        share: SHARE,
    });
    let measure = |subject: String, after: &Reader| {
        RobustnessReport::measure(
            &subject,
            &attacks,
            |challenge| Ok(plain.under(&test, challenge)),
            |challenge| Ok(after.under(&test, challenge)),
        )
    };
    Ok(vec![
        measure(format!("text CNN on {name}, texts cleaned"), &cleaned)?,
        measure(
            format!("text CNN on {name}, texts cleaned and attacks trained on"),
            &hardened,
        )?,
    ])
}

/// A network with what stands before it.
#[derive(Clone)]
struct Reader {
    cleans: bool,
    vocabulary: Vocabulary,
    network: TextCnn,
}

impl Reader {
    fn train(train: &[Labeled], held_back: &[Labeled], is_hardened: bool) -> Result<Self, NnError> {
        let mut words = rng(SEED, "attacked words");
        let mut known: Vec<String> = train.iter().map(|(text, _)| text.clone()).collect();
        if is_hardened {
            // Slips and pinyin become words that the network can learn.
            let attacked = train.iter().map(|(text, _)| disguised(text, &mut words));
            known.extend(attacked.collect::<Vec<_>>());
        }
        let vocabulary = VocabularyParams::default()
            .check()?
            .fit(known.iter().map(String::as_str));
        let config = TextCnnConfig::new(vocabulary.n_tokens(), 64, 2);
        let device = Device::flex();
        let draws = &mut Draws::new(SEED, "weights");
        let network = config.init(&device.clone().autodiff(), draws)?;
        let task = Texts {
            train,
            held_back,
            vocabulary: &vocabulary,
            is_hardened,
            attacker: RefCell::new(rng(SEED, "attacks while training")),
        };
        let params = TrainParams {
            n_epochs: 12,
            batch_size: 50,
            learning_rate: 2e-3,
            // Hardened networks begin slowly.
            patience: Some(4),
            ..TrainParams::default()
        };
        let cancel = Cancellation::default();
        let context = Context::new(SEED, &Silent, &cancel);
        let valid = params.check()?;
        let fitted = valid.fit(&task, network, &device, &context, &mut (), None)?;
        Ok(Self {
            cleans: is_hardened,
            network: fitted.network,
            vocabulary,
        })
    }

    /// Whether each text is read rightly when it is attacked.
    fn under(&self, texts: &[Labeled], challenge: Challenge) -> Vec<bool> {
        let mut attacker = rng(SEED, "attacks on the test");
        let attacked: Vec<Labeled> = texts
            .iter()
            .map(|(text, class)| {
                let text = match challenge {
                    Challenge::Text { attack, share } => {
                        attack_text(text, attack, share, &mut attacker)
                    }
                    _ => text.clone(),
                };
                let text = if self.cleans { clean_text(&text) } else { text };
                (text, *class)
            })
            .collect();
        are_right(&self.network, &self.vocabulary, &attacked)
    }
}

/// One of the attacks, drawn, as it looks after cleaning.
fn disguised(text: &str, attacker: &mut ChaCha8Rng) -> String {
    let attack = *TextAttack::ALL
        .choose(attacker)
        .expect("there are attacks to choose from");
    clean_text(&attack_text(text, attack, SHARE, attacker))
}

fn are_right(network: &TextCnn, vocabulary: &Vocabulary, texts: &[Labeled]) -> Vec<bool> {
    texts
        .chunks(64)
        .flat_map(|texts| {
            let (batch, classes) = batch(vocabulary, texts.iter().map(|(t, c)| (t.as_str(), *c)));
            let logits = network.forward(&batch, &mut None).into_data();
            let logits = logits.try_to_vec::<f32>();
            let logits = logits.expect("logits are single-precision numbers");
            let pairs = logits.chunks(2).zip(classes.iter());
            pairs
                .map(|(logits, class)| usize::from(logits[1] > logits[0]) == *class)
                .collect::<Vec<bool>>()
        })
        .collect()
}

fn batch<'a>(
    vocabulary: &Vocabulary,
    texts: impl Iterator<Item = (&'a str, usize)>,
) -> (TokenBatch, Arc<[usize]>) {
    let (ids, classes): (Vec<Vec<usize>>, Vec<usize>) = texts
        .map(|(text, class)| (vocabulary.encode(text), class))
        .unzip();
    let ids: Vec<&[usize]> = ids.iter().map(Vec::as_slice).collect();
    (TokenBatch::new(&ids, 5, MAX_STEPS), classes.into())
}

struct Texts<'a> {
    train: &'a [Labeled],
    held_back: &'a [Labeled],
    vocabulary: &'a Vocabulary,
    is_hardened: bool,
    attacker: RefCell<ChaCha8Rng>,
}

impl Task for Texts<'_> {
    type Network = TextCnn;

    fn n_examples(&self) -> usize {
        self.train.len()
    }

    fn n_steps(&self, example: usize) -> usize {
        self.train[example].0.len()
    }

    fn loss(
        &self,
        network: &TextCnn,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let mut attacker = self.attacker.borrow_mut();
        // Half of the texts as they are, so that clean ones are not forgotten.
        let texts: Vec<Labeled> = examples
            .iter()
            .map(|example| {
                let (text, class) = &self.train[*example];
                let is_attacked = self.is_hardened && attacker.random::<bool>();
                let text = if is_attacked {
                    disguised(text, &mut attacker)
                } else {
                    text.clone()
                };
                (text, *class)
            })
            .collect();
        let pairs = texts.iter().map(|(text, class)| (text.as_str(), *class));
        let (batch, classes) = batch(self.vocabulary, pairs);
        if !self.is_hardened {
            let logits = network.forward(&batch, chance);
            return Ok(cross_entropy(logits, &classes).mean());
        }
        let losses = |x: Tensor<3>| {
            let logits = network.classify(x, &batch, &mut chance.clone());
            cross_entropy(logits, &classes).mean()
        };
        Ok(hardened_loss(network.embed(&batch), PUSH, None, losses))
    }

    /// Errors on held-back texts; for the hardened network on attacked ones, too.
    fn validate(&self, network: &TextCnn) -> Result<Option<f64>, NnError> {
        let wrong = |texts: &[Labeled]| {
            let is_right = are_right(network, self.vocabulary, texts);
            let n_wrong = is_right.iter().filter(|is_right| !**is_right).count();
            n_wrong as f64 / is_right.len() as f64
        };
        let clean = wrong(self.held_back);
        if !self.is_hardened {
            return Ok(Some(clean));
        }
        let mut attacker = rng(SEED, "attacks on held-back texts");
        let attacked: Vec<Labeled> = self
            .held_back
            .iter()
            .map(|(text, class)| (disguised(text, &mut attacker), *class))
            .collect();
        Ok(Some(clean + wrong(&attacked)))
    }
}
