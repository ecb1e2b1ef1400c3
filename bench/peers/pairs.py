"""scikit-learn's side of learning from labelled pairs: gradient boosting over features of the same kind.

What a data team writes in an afternoon: per field and of both records as one text each, the weighted overlap of
words (inverse document frequency over the training pairs' records), containment either way, three-letter runs,
shared and unshared model codes and numbers, price ratios, missing flags; HistGradientBoostingClassifier, several
seeds averaged; the threshold from five-fold predictions of the training pairs.

    python pairs.py FOLDER... [--seeds N]

A folder has train.txt.gz and valid.txt.gz (Ditto's form). Prints one JSON object per folder.
"""

import argparse
import gzip
import json
import math
import re
import time
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, f1_score, precision_recall_curve
from sklearn.model_selection import StratifiedKFold

CODE = re.compile(r"(?=[a-z-]*\d)(?=\d*[a-z])[a-z0-9-]{4,}|\d{5,}")


def read(path):
    rows = []
    with gzip.open(path, "rt") as lines:
        for line in lines:
            left, right, label = line.rstrip("\n").split("\t")
            rows.append((fields(left), fields(right), int(label)))
    return rows


def fields(record):
    cells = (cell.split(" VAL", 1) for cell in record.split("COL ")[1:])
    return {name.strip(): value.strip() for name, value in cells}


def words(text):
    return set(re.findall(r"\w+", text.lower()))


def grams(text):
    text = f" {text.lower()} "
    return {text[at : at + 3] for at in range(len(text) - 2)}


def codes(text):
    return {code.replace("-", "") for code in CODE.findall(text.lower())}


def numbers(text):
    return set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])", text))


def price(text):
    try:
        return float(text.replace("$", "").replace(",", ""))
    except ValueError:
        return None


def overlap(a, b, weight):
    shared = sum(weight(x) for x in a & b)
    left = sum(weight(x) for x in a - b)
    right = sum(weight(x) for x in b - a)
    if not a or not b:
        return [math.nan] * 5
    rarest = [max((weight(x) for x in only), default=0.0) for only in (a - b, b - a)]
    return [
        shared / (shared + left + right),
        shared / (shared + left) if shared + left else 0.0,
        shared / (shared + right) if shared + right else 0.0,
        *rarest,
    ]


class Features:
    def __init__(self, pairs):
        self.names = list(pairs[0][0])
        records = {tuple(side.items()) for pair in pairs for side in pair[:2]}
        self.n = len(records)
        self.counts = {name: Counter() for name in [*self.names, None]}
        for record in map(dict, records):
            for name in self.names:
                self.counts[name].update(words(record[name]))
            self.counts[None].update(words(" ".join(record.values())))

    def of(self, pair):
        left, right = pair[:2]
        row = []
        whole = [" ".join(side.values()) for side in (left, right)]
        texts = [(name, left[name], right[name]) for name in self.names]
        for name, a, b in [*texts, (None, *whole)]:
            x, y = price(a), price(b)
            row.append(min(x, y) / max(x, y) if x and y else math.nan)
            row += [float(not a), float(not b)]
            counts = self.counts[name]
            row += overlap(words(a), words(b), lambda w: math.log((self.n + 1) / (counts[w] + 0.5)))
            row += overlap(grams(a), grams(b), lambda _: 1.0)[:3]
            mine, other = codes(a), codes(b)
            row += [max(map(len, mine & other), default=0), len(mine - other), len(other - mine)]
            squeezed = [re.sub(r"\W", "", text.lower()) for text in (b, a)]
            row += [max((len(c) for c in own if c in text), default=0) for own, text in zip((mine, other), squeezed)]
            mine, other = numbers(a), numbers(b)
            row += [len(mine & other), len(mine - other), len(other - mine)]
        return row


def learner(seed):
    return HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=10, max_features=0.3, random_state=seed
    )


def run(folder, n_seeds):
    train, valid = (read(folder / f"{part}.txt.gz") for part in ("train", "valid"))
    start = time.perf_counter()
    features = Features(train)
    x, held = (np.array([features.of(pair) for pair in part]) for part in (train, valid))
    # A column that hardly any pair fills (a price where texts have none) has no bins in some fold.
    is_filled = (~np.isnan(x)).mean(axis=0) > 0.01
    x, held = x[:, is_filled], held[:, is_filled]
    y, actual = (np.array([pair[2] for pair in part]) for part in (train, valid))
    out_of_fold, predicted = np.zeros(len(y)), np.zeros(len(actual))
    for seed in range(n_seeds):
        for fit, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(x, y):
            model = learner(seed).fit(x[fit], y[fit])
            out_of_fold[test] += model.predict_proba(x[test])[:, 1] / n_seeds
        predicted += learner(seed).fit(x, y).predict_proba(held)[:, 1] / n_seeds
    precision, recall, thresholds = precision_recall_curve(y, out_of_fold)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    threshold = thresholds[min(f1.argmax(), len(thresholds) - 1)]
    return {
        "set": folder.name,
        "model": "hist_gradient_boosting",
        "features": x.shape[1],
        "f1": f1_score(actual, predicted >= threshold),
        "average_precision": average_precision_score(actual, predicted),
        "threshold": float(threshold),
        "seconds": time.perf_counter() - start,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    for folder in arguments.folders:
        print(json.dumps(run(folder, arguments.seeds)), flush=True)
