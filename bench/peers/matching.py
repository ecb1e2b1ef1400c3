"""Splink's side of the matching race: people deduplicated or linked without labels.

Settings follow Splink's own tutorials for the same files: comparisons from its library with term
frequencies, several blocking rules, u from random pairs, m by expectation maximization over three
blockings, clusters by connected components. No label is used but to score.

    python matching.py TASK FILE [--truth-column NAME] [--right FILE]

TASK is febrl, fake_1000, historical or made (what `--example million -- --link N --write FILE` makes); FILE is CSV, plain or gzip. FEBRL's truth stands in its
record ids. Prints one JSON object: the figures at the probability 0.5 and at the best of nine thresholds.
"""

import argparse
import json
import re
import time
from collections import Counter
from itertools import combinations

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = [0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999]


def febrl():
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
            term_frequency_adjustments=True
        ),
    ]
    rules = [
        block_on("soc_sec_id"),
        block_on("date_of_birth"),
        block_on("given_name", "surname"),
        block_on("surname", "postcode"),
        block_on("given_name", "postcode"),
        block_on("address_1", "postcode"),
        block_on("surname", "street_number"),
        block_on("given_name", "street_number"),
        block_on("address_1", "street_number"),
    ]
    training = [
        block_on("date_of_birth"),
        block_on("given_name", "surname"),
        block_on("postcode"),
    ]
    certain = ["l.soc_sec_id = r.soc_sec_id", block_on("given_name", "surname", "date_of_birth")]
    return comparisons, rules, training, certain


def fake_1000():
    comparisons = [
        cl.NameComparison("first_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.EmailComparison("email"),
    ]
    rules = [
        block_on("first_name", "city"),
        block_on("surname"),
        block_on("first_name"),
        block_on("dob"),
        block_on("email"),
        block_on("city"),
    ]
    training = [block_on("first_name", "surname"), block_on("dob"), block_on("email")]
    certain = [
        block_on("first_name", "surname", "dob"),
        "l.email = r.email",
    ]
    return comparisons, rules, training, certain


def historical():
    comparisons = [
        cl.ForenameSurnameComparison(
            "first_name", "surname", forename_surname_concat_col_name="first_and_surname"
        ),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.PostcodeComparison("postcode_fake"),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ]
    rules = [
        block_on("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
        block_on("surname", "dob"),
        block_on("first_name", "dob"),
        block_on("postcode_fake", "first_name"),
        block_on("postcode_fake", "surname"),
        block_on("dob", "birth_place"),
        block_on("substr(postcode_fake, 1, 3)", "dob"),
        block_on("substr(postcode_fake, 1, 3)", "first_name"),
        block_on("substr(postcode_fake, 1, 3)", "surname"),
        block_on("substr(first_name, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 1, 4)"),
    ]
    training = [block_on("first_name", "surname"), block_on("dob"), block_on("postcode_fake")]
    certain = [block_on("first_name", "surname", "dob")]
    return comparisons, rules, training, certain


def made():
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
        cl.ExactMatch("suburb").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
            term_frequency_adjustments=True
        ),
        cl.DamerauLevenshteinAtThresholds("phone", [1, 2]),
        cl.EmailComparison("email"),
    ]
    rules = [
        block_on("phone"),
        block_on("email"),
        block_on("date_of_birth"),
        block_on("given_name", "surname"),
        block_on("surname", "postcode"),
        block_on("given_name", "postcode"),
        block_on("address_1", "postcode"),
        block_on("surname", "street_number"),
        block_on("given_name", "street_number"),
    ]
    training = [block_on("date_of_birth"), block_on("given_name", "surname"), block_on("postcode")]
    certain = ["l.email = r.email", block_on("given_name", "surname", "date_of_birth")]
    return comparisons, rules, training, certain


def read(api, name, path, task):
    columns = f"select * from read_csv('{path}', header = true, all_varchar = true)"
    relation = duckdb.sql(columns)
    renamed = ", ".join(f'nullif(trim("{c}"), \'\') as "{c.strip()}"' for c in relation.columns)
    table = duckdb.sql(f"select {renamed} from relation").to_arrow_table()
    if task == "febrl":
        ids = [re.sub(r"-(org|dup).*", "", value) for value in table["rec_id"].to_pylist()]
        table = table.append_column("cluster", [ids])
        table = table.rename_columns(
            ["unique_id" if c == "rec_id" else c for c in table.column_names]
        )
    return table, api.register(table, table_name=name)


def pairs(clusters):
    """Pairs within clusters, and how many there are of each size."""
    return sum(n * (n - 1) // 2 for n in Counter(clusters).values())


def scores(predicted, truth):
    """Pairwise and B-cubed precision, recall and F1 of two labelings of the same records."""
    both = pairs(list(zip(predicted, truth)))
    found, true = pairs(predicted), pairs(truth)
    cells = Counter(zip(predicted, truth))
    in_predicted, in_truth = Counter(predicted), Counter(truth)
    n = len(truth)
    b_precision = sum(c * c / in_predicted[p] for (p, _), c in cells.items()) / n
    b_recall = sum(c * c / in_truth[t] for (_, t), c in cells.items()) / n
    return {
        "precision": both / max(found, 1),
        "recall": both / max(true, 1),
        "f1": 2 * both / max(found + true, 1),
        "bcubed_f1": 2 * b_precision * b_recall / (b_precision + b_recall),
    }


def linked(ids, pairs):
    """The group of each id: those that pairs join, directly or by others."""
    parent = {i: i for i in ids}

    def root(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for one, other in pairs:
        parent[root(one)] = root(other)
    return [root(i) for i in ids]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=["febrl", "fake_1000", "historical", "made"])
    parser.add_argument("file")
    parser.add_argument("--right")
    arguments = parser.parse_args()

    start = time.perf_counter()
    api = DuckDBAPI()
    table, registered = read(api, "records_left", arguments.file, arguments.task)
    inputs = registered
    if arguments.right:
        other, registered_right = read(api, "records_right", arguments.right, arguments.task)
        inputs = [registered, registered_right]
    comparisons, rules, training, certain = globals()[arguments.task]()
    settings = SettingsCreator(
        link_type="link_only" if arguments.right else "dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        retain_intermediate_calculation_columns=False,
    )
    linker = Linker(inputs, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.01)
    fitted = time.perf_counter() - start

    runs = []
    if arguments.right:
        truth_of = {}
        for side, rows in (("l", table), ("r", other)):
            ids, clusters = rows["unique_id"].to_pylist(), rows["cluster"].to_pylist()
            truth_of[side] = dict(zip(ids, clusters))
        ids = [*truth_of["l"], *truth_of["r"]]
        truth = [*truth_of["l"].values(), *truth_of["r"].values()]
        if len(set(ids)) < len(ids):
            raise SystemExit("both files have the same ids; those of pairs would be either's")
        both = Counter(truth_of["l"].values()) & Counter(truth_of["r"].values())
        n_true = sum(both.values())
        for threshold in THRESHOLDS:
            rows = predicted.as_duckdbpyrelation().filter(f"match_probability > {threshold}")
            found = [(l, r) for l, r in rows.project("unique_id_l, unique_id_r").fetchall()]
            right = sum(
                truth_of["l"].get(l, truth_of["l"].get(r)) == truth_of["r"].get(r, truth_of["r"].get(l))
                for l, r in found
            )
            runs.append(
                {
                    "threshold": threshold,
                    "precision": right / max(len(found), 1),
                    "recall": right / n_true,
                    "f1": 2 * right / (len(found) + n_true),
                    "bcubed_f1": scores(linked(ids, found), truth)["bcubed_f1"],
                }
            )
    else:
        truth_of = dict(zip(table["unique_id"].to_pylist(), table["cluster"].to_pylist()))
        for threshold in THRESHOLDS:
            clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
                predicted, threshold_match_probability=threshold
            )
            rows = clusters.as_duckdbpyrelation().project("unique_id, cluster_id").fetchall()
            found = scores([c for _, c in rows], [truth_of[i] for i, _ in rows])
            runs.append({"threshold": threshold, **found})
    print(
        json.dumps(
            {
                "name": "splink 5.0.0",
                "seconds_to_scores": fitted,
                "seconds": time.perf_counter() - start,
                "n_records": table.num_rows,
                "at_half": next(run for run in runs if run["threshold"] == 0.5),
                "best": max(runs, key=lambda run: run["f1"]),
            }
        )
    )


if __name__ == "__main__":
    main()
