//! Attention against its definition and its gradients against differences.

use super::*;
use crate::testing::{assert_close, assert_gradient, numbers, weighted};

const PLAIN: Shape = Shape {
    n_batch: 2,
    n_steps: 5,
    n_heads: 2,
    n_kv_heads: 2,
    d_head: 3,
};
const GROUPED: Shape = Shape {
    n_batch: 1,
    n_steps: 4,
    n_heads: 4,
    n_kv_heads: 2,
    d_head: 2,
};

fn inputs(shape: &Shape) -> Vec<f32> {
    numbers(1, shape.n_batch * shape.n_steps * shape.d_input())
}

/// Attention as the paper writes it, one number at a time.
fn by_definition(qkv: &[f32], shape: &Shape, mask: Mask<'_>) -> Vec<f32> {
    let (t, dh) = (shape.n_steps, shape.d_head);
    let mut y = vec![0.0; shape.n_batch * t * shape.d_model()];
    for text in 0..shape.n_batch {
        let n = mask.lengths.map_or(t, |lengths| lengths[text]);
        let at = |step: usize, column: usize| qkv[(text * t + step) * shape.d_input() + column];
        for head in 0..shape.n_heads {
            let group = head / (shape.n_heads / shape.n_kv_heads);
            let keys = (shape.n_heads + group) * dh;
            let values = keys + shape.n_kv_heads * dh;
            for i in 0..n {
                let seen = if mask.causal { i + 1 } else { n };
                let weights: Vec<f32> = (0..seen)
                    .map(|j| {
                        let score: f32 = (0..dh)
                            .map(|c| at(i, head * dh + c) * at(j, keys + c))
                            .sum();
                        (score / (dh as f32).sqrt()).exp()
                    })
                    .collect();
                let sum: f32 = weights.iter().sum();
                for c in 0..dh {
                    y[(text * t + i) * shape.d_model() + head * dh + c] = (0..seen)
                        .map(|j| weights[j] / sum * at(j, values + c))
                        .sum();
                }
            }
        }
    }
    y
}

#[track_caller]
fn check(shape: &Shape, mask: Mask<'_>) {
    let qkv = inputs(shape);
    let w = numbers(2, shape.n_batch * shape.n_steps * shape.d_model());

    let attended = forward(&qkv, shape, mask);
    let gradient = backward(&qkv, &attended.y, &attended.log_sums, &w, shape, mask);

    assert_close(&attended.y, &by_definition(&qkv, shape, mask), 1e-5);
    assert_gradient(&gradient, &qkv, |qkv| {
        weighted(&forward(qkv, shape, mask).y, &w)
    });
}

#[test]
fn every_step_sees_every_step() {
    check(
        &PLAIN,
        Mask {
            lengths: None,
            causal: false,
        },
    );
}

#[test]
fn padding_neither_looks_nor_is_looked_at() {
    check(
        &PLAIN,
        Mask {
            lengths: Some(&[3, 5]),
            causal: false,
        },
    );
}

#[test]
fn a_causal_step_sees_no_later_one() {
    check(
        &PLAIN,
        Mask {
            lengths: None,
            causal: true,
        },
    );
    check(
        &PLAIN,
        Mask {
            lengths: Some(&[2, 4]),
            causal: true,
        },
    );
}

#[test]
fn heads_of_queries_share_heads_of_keys() {
    check(
        &GROUPED,
        Mask {
            lengths: None,
            causal: false,
        },
    );
    check(
        &GROUPED,
        Mask {
            lengths: None,
            causal: true,
        },
    );
}

#[test]
fn a_text_without_steps_gives_zeros() {
    let mask = Mask {
        lengths: Some(&[0, 5]),
        causal: false,
    };
    let qkv = inputs(&PLAIN);

    let attended = forward(&qkv, &PLAIN, mask);
    let dy = vec![1.0; attended.y.len()];
    let gradient = backward(&qkv, &attended.y, &attended.log_sums, &dy, &PLAIN, mask);

    assert!(attended.y[..5 * PLAIN.d_model()].iter().all(|y| *y == 0.0));
    assert!(gradient[..5 * PLAIN.d_input()].iter().all(|d| *d == 0.0));
}

#[test]
fn more_than_one_vector_of_steps() {
    let shape = Shape {
        n_batch: 1,
        n_steps: 37,
        n_heads: 1,
        n_kv_heads: 1,
        d_head: 18,
    };
    check(
        &shape,
        Mask {
            lengths: None,
            causal: true,
        },
    );
}
