"""Optuna's side of the race over ten known functions.

Runs Optuna's TPE with its defaults on every named function and seed, and prints one JSON object with the
best losses so far, and the loss in the middle of each space so that the other side can check that
the functions are the same.

    python search.py N_TRIALS N_SEEDS NAME...
"""

import json
import math
import sys
import time

import optuna

HEIGHTS = [1.0, 1.2, 3.0, 3.2]
HARTMANN3 = (
    [[3.0, 10.0, 30.0], [0.1, 10.0, 35.0], [3.0, 10.0, 30.0], [0.1, 10.0, 35.0]],
    [
        [0.3689, 0.1170, 0.2673],
        [0.4699, 0.4387, 0.7470],
        [0.1091, 0.8732, 0.5547],
        [0.0381, 0.5743, 0.8828],
    ],
)
HARTMANN6 = (
    [
        [10.0, 3.0, 17.0, 3.5, 1.7, 8.0],
        [0.05, 10.0, 17.0, 0.1, 8.0, 14.0],
        [3.0, 3.5, 1.7, 10.0, 17.0, 8.0],
        [17.0, 8.0, 0.05, 10.0, 0.1, 14.0],
    ],
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ],
)


def branin(x):
    bend = x[1] - 5.1 / (4 * math.pi**2) * x[0] ** 2 + 5 / math.pi * x[0] - 6
    return bend**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x[0]) + 10


def hartmann(shape):
    steepness, places = shape

    def loss(x):
        return -sum(
            height * math.exp(-sum(a * (xi - p) ** 2 for a, p, xi in zip(row, place, x)))
            for height, row, place in zip(HEIGHTS, steepness, places)
        )

    return loss


def rosenbrock(x):
    return sum(100 * (b - a**2) ** 2 + (a - 1) ** 2 for a, b in zip(x, x[1:]))


def ackley(x):
    radius = math.sqrt(sum(xi**2 for xi in x) / len(x))
    waves = sum(math.cos(2 * math.pi * xi) for xi in x) / len(x)
    return -20 * math.exp(-0.2 * radius) - math.exp(waves) + 20 + math.e


def levy(x):
    w = [1 + (xi - 1) / 4 for xi in x]
    middle = sum((wi - 1) ** 2 * (1 + 10 * math.sin(math.pi * wi + 1) ** 2) for wi in w[:-1])
    last = (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2)
    return math.sin(math.pi * w[0]) ** 2 + middle + last


def griewank(x):
    waves = math.prod(math.cos(xi / math.sqrt(idx)) for idx, xi in enumerate(x, start=1))
    return sum(xi**2 / 4000 for xi in x) - waves + 1


def styblinski_tang(x):
    return sum(0.5 * (xi**4 - 16 * xi**2 + 5 * xi) for xi in x)


def six_hump_camel(x):
    a, b = x[0] ** 2, x[1] ** 2
    return (4 - 2.1 * a + a**2 / 3) * a + x[0] * x[1] + (-4 + 4 * b) * b


NUMERIC = {
    "branin": ([(-5, 10), (0, 15)], branin),
    "hartmann6": ([(0, 1)] * 6, hartmann(HARTMANN6)),
    "hartmann3": ([(0, 1)] * 3, hartmann(HARTMANN3)),
    "rosenbrock4": ([(-5, 10)] * 4, rosenbrock),
    "ackley5": ([(-32.768, 32.768)] * 5, ackley),
    "levy4": ([(-10, 10)] * 4, levy),
    "griewank5": ([(-600, 600)] * 5, griewank),
    "styblinski_tang4": ([(-5, 5)] * 4, styblinski_tang),
    "six_hump_camel": ([(-3, 3), (-2, 2)], six_hump_camel),
}


def numeric_objective(ranges, loss):
    def objective(trial):
        return loss(
            [trial.suggest_float(f"x{idx}", low, high) for idx, (low, high) in enumerate(ranges)]
        )

    return objective


def mixed(trial):
    model = trial.suggest_categorical("model", ["linear", "trees", "net"])
    if model == "linear":
        penalty = math.log10(trial.suggest_float("penalty", 1e-6, 1e2, log=True))
        by_norm = 0.01 if trial.suggest_categorical("norm", ["l1", "l2"]) == "l1" else 0.0
        return 0.22 + 0.01 * (penalty + 1) ** 2 + by_norm
    if model == "trees":
        n = math.log10(trial.suggest_int("n_trees", 10, 1000, log=True))
        depth = trial.suggest_int("depth", 2, 12)
        rate = math.log10(trial.suggest_float("shrinkage", 1e-3, 1.0, log=True))
        return 0.1 + 0.05 * (n + rate - 1) ** 2 + 0.02 * (n - 2) ** 2 + 0.004 * (depth - 6) ** 2
    n_layers = trial.suggest_int("n_layers", 1, 6)
    rate = math.log10(trial.suggest_float("learning_rate", 1e-5, 1e-1, log=True))
    dropout = trial.suggest_float("dropout", 0.0, 0.8)
    return 0.13 + 0.03 * (rate + 3) ** 2 + 0.01 * (n_layers - 3) ** 2 + 0.2 * (dropout - 0.2) ** 2


def curve(objective, n_trials, seed):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(objective, n_trials=n_trials)
    best, bests = math.inf, []
    for trial in study.trials:
        best = min(best, trial.value)
        bests.append(best)
    return bests


def main():
    n_trials, n_seeds = (int(value) for value in sys.argv[1:3])
    names = sys.argv[3:]
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    objectives = {name: numeric_objective(*function) for name, function in NUMERIC.items()}
    objectives["mixed"] = mixed
    start = time.perf_counter()
    curves = {
        name: [curve(objectives[name], n_trials, seed) for seed in range(n_seeds)] for name in names
    }
    middles = {
        name: loss([(low + high) / 2 for low, high in ranges])
        for name, (ranges, loss) in NUMERIC.items()
        if name in names
    }
    print(
        json.dumps(
            {
                "version": optuna.__version__,
                "seconds": time.perf_counter() - start,
                "curves": curves,
                "middles": middles,
            }
        )
    )


if __name__ == "__main__":
    main()
