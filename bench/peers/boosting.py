"""LightGBM's and shap's side of the race of boosted trees.

Reads rows and targets (float64, little endian, row after row) that the Rust side wrote, fits
LightGBM with the same settings, explains the same rows on one thread, and prints one JSON object.

    python boosting.py FOLDER N_COLUMNS N_ROUNDS THREADS REPEATS N_EXPLAINED N_BACKGROUND N_AGAINST CATEGORIES

Two models are fitted. The first splits categories natively, as the Rust side does; for such models
shap hands the work to LightGBM's own code. The second reads the numbers of categories as numbers,
so that shap's own code can explain it; it knows only how to do that, and only there is it timed.
"""

import json
import statistics
import sys
import time

import lightgbm
import numpy as np
import shap
from sklearn.metrics import log_loss, roc_auc_score


def read(folder, name, n_columns):
    rows = np.fromfile(f"{folder}/{name}.rows.f64", dtype="<f8").reshape(-1, n_columns)
    targets = np.fromfile(f"{folder}/{name}.targets.f64", dtype="<f8")
    return rows, targets


def fit(rows, targets, categories, n_rounds, n_threads):
    parameters = {
        "objective": "binary",
        "learning_rate": 0.05,
        "num_leaves": 31,
        "num_threads": n_threads,
        "seed": 1,
        "verbose": -1,
    }
    data = lightgbm.Dataset(rows, targets, categorical_feature=categories, free_raw_data=False)
    return lightgbm.train(parameters, data, n_rounds)


def timed(n_repeats, work):
    seconds = []
    for _ in range(n_repeats):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def race(train, test, categories, sizes):
    n_rounds, n_threads, n_repeats = sizes["rounds"], sizes["threads"], sizes["repeats"]
    fit_seconds, model = timed(n_repeats, lambda: fit(*train, categories, n_rounds, n_threads))
    one_thread, _ = timed(n_repeats, lambda: fit(*train, categories, n_rounds, 1))
    predict_seconds, predicted = timed(n_repeats, lambda: model.predict(test[0], num_threads=1))
    figures = {
        "auc": roc_auc_score(test[1], predicted),
        "log_loss": log_loss(test[1], predicted),
        "fit_seconds": fit_seconds,
        "fit_one_thread_seconds": one_thread,
        "predict_seconds": predict_seconds,
        "shap_seconds": 0.0,
        "shap_error": 0.0,
        "against_seconds": 0.0,
        "against_error": 0.0,
    }
    return model, figures


def explain_natively(model, rows):
    """What shap's TreeExplainer calls for LightGBM's models, on one thread."""
    return model.predict(rows, pred_contrib=True, num_threads=1)


def explain_with_shap(model, rows, background=None):
    """shap's own code; it has one thread."""
    perturbation = "tree_path_dependent" if background is None else "interventional"
    explainer = shap.TreeExplainer(model, background, feature_perturbation=perturbation)
    # Without this shap would hand the work to LightGBM.
    explainer.model.original_model = None
    explainer.model.model_type = "internal"
    values = explainer.shap_values(rows, check_additivity=False)
    return np.column_stack([values, np.full(len(rows), explainer.expected_value)])


def additivity_error(model, rows, contributions):
    return float(np.abs(contributions.sum(axis=1) - model.predict(rows, raw_score=True)).max())


def main():
    folder = sys.argv[1]
    names = ["columns", "rounds", "threads", "repeats", "explained", "background", "against"]
    sizes = dict(zip(names, (int(value) for value in sys.argv[2:9])))
    categories = [int(column) for column in sys.argv[9].split(",")]
    train = read(folder, "train", sizes["columns"])
    test = read(folder, "test", sizes["columns"])
    rows = test[0][: sizes["explained"]]

    native, figures = race(train, test, categories, sizes)
    figures["shap_seconds"], values = timed(1, lambda: explain_natively(native, rows))
    figures["shap_error"] = additivity_error(native, rows, values)

    numeric, of_shap = race(train, test, [], sizes)
    of_shap["shap_seconds"], values = timed(1, lambda: explain_with_shap(numeric, rows))
    of_shap["shap_error"] = additivity_error(numeric, rows, values)
    rows, background = test[0][: sizes["against"]], train[0][: sizes["background"]]
    of_shap["against_seconds"], values = timed(
        1, lambda: explain_with_shap(numeric, rows, background)
    )
    of_shap["against_error"] = additivity_error(numeric, rows, values)
    print(json.dumps({"lightgbm": figures, "lightgbm on numbers, explained by shap": of_shap}))


if __name__ == "__main__":
    main()
