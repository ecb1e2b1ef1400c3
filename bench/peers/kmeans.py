"""scikit-learn's side of the k-means race.

Reads rows and starting centers (float64, little endian, row after row) that the Rust side wrote,
fits both of scikit-learn's algorithms in double and in single precision, and prints one JSON list.

    python kmeans.py ROWS CENTERS N_COLUMNS K THREADS REPEATS
"""

import json
import statistics
import sys
import time

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits


def race(rows, centers, algorithm, n_repeats):
    seconds = []
    for _ in range(n_repeats):
        model = KMeans(
            n_clusters=len(centers),
            init=centers,
            n_init=1,
            algorithm=algorithm,
            max_iter=300,
            tol=1e-4,
        )
        start = time.perf_counter()
        model.fit(rows)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), model


def inertia(rows, centers):
    """Double precision, so that runs in single precision are judged by the same yardstick."""
    total = 0.0
    for first in range(0, len(rows), 50_000):
        part = rows[first : first + 50_000]
        distances = ((part[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2)
        total += distances.min(axis=1).sum()
    return total


def main():
    rows_file, centers_file = sys.argv[1:3]
    n_columns, k, n_threads, n_repeats = (int(value) for value in sys.argv[3:7])
    rows = np.fromfile(rows_file, dtype="<f8").reshape(-1, n_columns)
    centers = np.fromfile(centers_file, dtype="<f8").reshape(k, n_columns)
    runs = []
    with threadpool_limits(limits=n_threads):
        for dtype in ("float64", "float32"):
            cast_rows, cast_centers = rows.astype(dtype), centers.astype(dtype)
            for algorithm in ("lloyd", "elkan"):
                seconds, model = race(cast_rows, cast_centers, algorithm, n_repeats)
                runs.append(
                    {
                        "name": f"scikit-learn {algorithm} {dtype}",
                        "seconds": seconds,
                        "inertia": inertia(rows, model.cluster_centers_.astype("f8")),
                        "n_iterations": int(model.n_iter_),
                    }
                )
    print(json.dumps(runs))


if __name__ == "__main__":
    main()
