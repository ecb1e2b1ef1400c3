//! The trainer: it learns, repeats itself to the bit, and stops when it must.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/rings.rs"]
mod rings;
mod support;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rapport_learn::{Cancellation, Check, Context, Deadline, LearnError, Silent};
use rapport_nn::models::MlpConfig;
use rapport_nn::train::{Curves, OptimizerParams, SgdParams, StopReason, Task, TrainParams};
use rapport_nn::{Draws, NnError};

use rings::{Rings, fit, logits, network, params};

#[test]
fn it_learns_what_a_line_cannot() {
    let task = Rings::new(200);

    let fitted = fit(&task, params(), None).unwrap();

    let right = logits(&fitted.network, &task)
        .chunks(2)
        .zip(&task.classes)
        .skip(task.n_training)
        .filter(|(logits, class)| usize::from(logits[1] > logits[0]) == **class)
        .count();
    assert!(right >= 48, "{right} of 50 held-back points");
    assert!(fitted.validation.unwrap() < 0.2);
    assert_eq!(fitted.stopped, StopReason::Done);
}

#[test]
fn gradient_descent_learns_it_too() {
    let task = Rings::new(200);
    let sgd = SgdParams {
        momentum: 0.9,
        weight_decay: 0.0,
    };
    let optimizer = OptimizerParams::Sgd(sgd);

    let fitted = fit(
        &task,
        TrainParams {
            optimizer,
            learning_rate: 0.1,
            ..params()
        },
        None,
    )
    .unwrap();

    assert!(fitted.validation.unwrap() < 0.2);
}

#[test]
fn the_same_seed_trains_the_same_bits() {
    let task = Rings::new(100);
    let train = || logits(&fit(&task, params(), None).unwrap().network, &task);

    assert_eq!(train(), train());
}

#[test]
fn accumulated_batches_are_one_large_batch() {
    let task = Rings::new(64);
    let one_step = |batch_size, n_accumulated| {
        let config = MlpConfig {
            hidden: vec![8],
            ..MlpConfig::new(2, Vec::new(), 2)
        };
        let network = config
            .init(&support::device().autodiff(), &mut Draws::new(7, "weights"))
            .unwrap();
        let params = TrainParams {
            n_epochs: 1,
            batch_size,
            n_accumulated,
            ..params()
        };
        let cancel = Cancellation::default();
        let context = Context::new(3, &Silent, &cancel);
        let device = support::device();
        let fitted = params
            .check()
            .unwrap()
            .fit(&task, network, &device, &context, &mut (), None);
        logits(&fitted.unwrap().network, &task)
    };

    let (whole, parts) = (one_step(48, 1), one_step(16, 3));

    for (whole, parts) in whole.iter().zip(parts) {
        assert!((whole - parts).abs() < 1e-4, "{whole} and {parts}");
    }
}

#[test]
fn a_training_without_progress_stops_and_keeps_the_best() {
    let mut task = Rings::new(60);
    // Held-back classes at random: nothing learned helps there for long.
    for (i, class) in task.classes[45..].iter_mut().enumerate() {
        *class = (i * i / 3) % 2;
    }
    let params = TrainParams {
        n_epochs: 500,
        patience: Some(5),
        ..params()
    };

    let fitted = fit(&task, params, None).unwrap();

    assert_eq!(fitted.stopped, StopReason::NoLongerBetter);
    let validation = task.validate(&fitted.network).unwrap().unwrap();
    assert_eq!(Some(validation), fitted.validation);
}

#[test]
fn a_deadline_keeps_the_best_network_so_far() {
    let task = Rings::new(100);
    // A clock that ticks once per step: 75 examples in batches of 16 are five steps an epoch.
    let (start, steps) = (Instant::now(), AtomicU64::new(0));
    let now = || start + Duration::from_secs(steps.fetch_add(1, Ordering::Relaxed));
    let fit_until = |n_steps| {
        steps.store(0, Ordering::Relaxed);
        let cancel = Cancellation::default();
        let deadline = Deadline::new(start + Duration::from_secs(n_steps), &now);
        let context = Context::new(3, &Silent, &cancel).with_deadline(deadline);
        params().check()?.fit(
            &task,
            network(),
            &support::device(),
            &context,
            &mut (),
            None,
        )
    };

    let after_two_epochs = fit_until(12).unwrap();
    let within_the_first = fit_until(4).unwrap_err();

    assert_eq!(after_two_epochs.stopped, StopReason::OutOfTime);
    let validation = task.validate(&after_two_epochs.network).unwrap();
    assert_eq!(validation, after_two_epochs.validation);
    assert!(matches!(
        within_the_first,
        NnError::Learn(LearnError::DeadlineExceeded)
    ));
}

#[test]
fn a_training_that_diverges_says_at_which_step() {
    let task = Rings {
        changed: |loss| loss * f64::NAN,
        ..Rings::new(100)
    };

    let error = fit(&task, params(), None).unwrap_err();

    assert!(
        matches!(error, NnError::Diverged { step: 1, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("the loss is NaN; lower the"));
}

/// Nothing is held back, and the one step has a loss of 0 whose gradient is no number.
#[test]
fn a_last_step_to_no_number_is_not_returned() {
    let task = Rings {
        changed: |loss| (loss * 0.0).sqrt(),
        validated: |_| None,
        ..Rings::new(100)
    };
    let error = |clip_norm| {
        let one_step = TrainParams {
            n_epochs: 1,
            batch_size: 100,
            clip_norm,
            ..params()
        };
        fit(&task, one_step, None).unwrap_err().to_string()
    };

    let (limited, unlimited) = (error(Some(1.0)), error(None));

    assert!(
        limited.contains("step 1: the length of the gradient is NaN"),
        "{limited}"
    );
    assert!(
        unlimited.contains("step 1: the length of the weights is NaN"),
        "{unlimited}"
    );
}

#[test]
fn a_validation_that_is_no_number_is_never_the_best() {
    // Above the validation of the first epochs, which are no numbers then.
    let task = Rings {
        validated: |loss| Some(if loss > 0.5 { f64::NAN } else { loss }),
        ..Rings::new(200)
    };

    let fitted = fit(&task, params(), None).unwrap();

    let plain = fit(&Rings::new(200), params(), None).unwrap();
    assert!(fitted.validation.unwrap() < 0.5);
    assert_eq!(fitted.validation, plain.validation);
    assert_eq!(
        logits(&fitted.network, &task),
        logits(&plain.network, &task)
    );
}

#[test]
fn a_training_without_any_validation_that_is_a_number_diverged() {
    let never_numbers: [fn(f64) -> Option<f64>; 2] =
        [|_| Some(f64::NAN), |_| Some(f64::NEG_INFINITY)];
    for validated in never_numbers {
        let task = Rings {
            validated,
            ..Rings::new(100)
        };

        let error = fit(&task, params(), None).unwrap_err();

        assert!(matches!(error, NnError::Diverged { .. }));
        assert!(error.to_string().contains("the validation is"), "{error}");
    }
}

#[test]
fn nothing_to_train_on_is_refused() {
    let error = fit(&Rings::new(0), params(), None).unwrap_err();
    assert!(matches!(error, NnError::NoExamples));
}

#[test]
fn curves_hold_every_step() {
    let task = Rings::new(100);
    let cancel = Cancellation::default();
    let context = Context::new(3, &Silent, &cancel);
    let mut curves = Curves::default();
    let params = TrainParams {
        n_epochs: 2,
        ..params()
    }
    .check()
    .unwrap();

    params
        .fit(
            &task,
            network(),
            &support::device(),
            &context,
            &mut curves,
            None,
        )
        .unwrap();

    assert_eq!(
        curves.of("loss").len(),
        10,
        "75 examples in batches of 16, twice"
    );
    assert_eq!(curves.of("validation").len(), 2);
    assert_eq!(curves.of("nothing"), []);
}
