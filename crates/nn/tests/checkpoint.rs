//! Checkpoints: a training goes on from one to the same bits, and only from its own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/rings.rs"]
mod rings;
mod support;

use std::cell::Cell;
use std::fs;
use std::path::Path;

use rapport_learn::{Cancellation, Check, Context, LearnError, Silent};
use rapport_nn::NnError;
use rapport_nn::train::{Recorder, Schedule, TrainParams};

use rings::{Rings, fit, logits, network, params};

#[test]
fn a_training_that_stopped_goes_on_to_the_same_bits() {
    let task = Rings::new(100);
    let folder = tempfile::tempdir().unwrap();
    let schedule = Schedule::Cosine {
        warm_up: 0.1,
        end: 0.0,
    };
    let params = TrainParams {
        schedule,
        ..params()
    };
    let whole = fit(&task, params.clone(), None).unwrap();

    // Cancelled after some epochs, by the recorder that counts them.
    let cancel = Cancellation::default();
    let context = Context::new(3, &Silent, &cancel);
    let mut stopper = Stopper {
        cancel: &cancel,
        epochs: Cell::new(0),
    };
    let stopped = params.clone().check().unwrap().fit(
        &task,
        network(),
        &support::device(),
        &context,
        &mut stopper,
        Some(folder.path()),
    );
    assert!(matches!(
        stopped,
        Err(NnError::Learn(LearnError::Cancelled))
    ));

    let resumed = fit(&task, params, Some(folder.path())).unwrap();

    assert_eq!(
        logits(&resumed.network, &task),
        logits(&whole.network, &task)
    );
    assert_eq!(
        (resumed.validation, resumed.epoch),
        (whole.validation, whole.epoch)
    );
}

struct Stopper<'a> {
    cancel: &'a Cancellation,
    epochs: Cell<usize>,
}

impl Recorder for Stopper<'_> {
    fn record(&mut self, name: &str, _step: usize, _value: f64) {
        if name == "validation" {
            self.epochs.set(self.epochs.get() + 1);
            if self.epochs.get() == 12 {
                self.cancel.cancel();
            }
        }
    }
}

#[test]
fn a_training_that_is_done_is_not_done_again() {
    let task = Rings::new(100);
    let folder = tempfile::tempdir().unwrap();
    let first = fit(&task, params(), Some(folder.path())).unwrap();

    let again = fit(&task, params(), Some(folder.path())).unwrap();

    assert_eq!(logits(&again.network, &task), logits(&first.network, &task));
}

/// The names of the files in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn only_weights_of_earlier_checkpoints_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.safetensors", "network-old.safetensors"] {
        fs::write(folder.path().join(name), "somebody else's").unwrap();
    }

    fit(&Rings::new(100), params(), Some(folder.path())).unwrap();

    // Forty epochs of five steps.
    assert_eq!(
        names(folder.path()),
        [
            "best-200.safetensors",
            "model.safetensors",
            "moments-200.safetensors",
            "network-200.safetensors",
            "network-old.safetensors",
            "state.json",
        ]
    );
}

#[test]
fn the_checkpoint_of_another_training_is_refused_by_what_differs() {
    let task = Rings::new(100);
    let folder = tempfile::tempdir().unwrap();
    fit(&task, params(), Some(folder.path())).unwrap();
    let check = |task: &Rings, params: TrainParams, expected: &str| {
        let error = fit(task, params, Some(folder.path())).unwrap_err();
        assert!(matches!(error, NnError::OtherTraining { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    };

    check(
        &Rings::new(200),
        params(),
        "`n_examples` 75, and 150 is asked for",
    );
    let faster = TrainParams {
        learning_rate: 0.05,
        ..params()
    };
    check(&task, faster, "`learning_rate` 0.02, and 0.05");
    let fewer_epochs = TrainParams {
        n_epochs: 10,
        ..params()
    };
    check(&task, fewer_epochs, "`n_epochs` 40, and 10");

    let cancel = Cancellation::default();
    let context = Context::new(4, &Silent, &cancel);
    let other_seed = params().check().unwrap().fit(
        &task,
        network(),
        &support::device(),
        &context,
        &mut (),
        Some(folder.path()),
    );
    assert!(
        other_seed
            .unwrap_err()
            .to_string()
            .contains("`seed` 3, and 4")
    );
}

#[test]
fn more_epochs_may_be_asked_for() {
    let task = Rings::new(100);
    let folder = tempfile::tempdir().unwrap();
    let half = TrainParams {
        n_epochs: 20,
        ..params()
    };
    fit(&task, half, Some(folder.path())).unwrap();

    let resumed = fit(&task, params(), Some(folder.path())).unwrap();

    let whole = fit(&task, params(), None).unwrap();
    assert_eq!(
        logits(&resumed.network, &task),
        logits(&whole.network, &task)
    );
}

#[test]
fn a_checkpoint_after_a_validation_that_is_no_number_is_read_again() {
    let task = Rings {
        validated: |loss| Some(if loss > 0.5 { f64::NAN } else { loss }),
        ..Rings::new(200)
    };
    let folder = tempfile::tempdir().unwrap();
    let first = TrainParams {
        n_epochs: 1,
        ..params()
    };
    let error = fit(&task, first, Some(folder.path())).unwrap_err();
    assert!(matches!(error, NnError::Diverged { .. }), "{error}");

    let resumed = fit(&task, params(), Some(folder.path())).unwrap();

    assert!(resumed.validation.unwrap() < 0.5);
}

#[test]
fn a_checkpoint_cut_short_is_refused_by_name() {
    let task = Rings::new(100);
    let folder = tempfile::tempdir().unwrap();
    fit(&task, params(), Some(folder.path())).unwrap();
    let weights = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains("network-"))
        .unwrap();
    let bytes = std::fs::read(&weights).unwrap();
    std::fs::write(&weights, &bytes[..bytes.len() / 2]).unwrap();

    let error = fit(&task, params(), Some(folder.path())).unwrap_err();

    assert!(error.to_string().contains("network-"), "{error}");
}
