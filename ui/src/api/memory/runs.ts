import { ApiError } from "../problem";
import type * as Wire from "../types";
import { DAY, iso, NOW } from "./company";
import { Random } from "./random";

/** Runs with all that was noted of them. */
export interface RunStore {
  runs: Wire.RunDetail[];
  curves: Map<string, Wire.Series[]>;
  evaluations: Map<string, Wire.RunEvaluation>;
  trials: Map<string, Wire.Trial[]>;
}

const N_STEPS = 200;

/** Some trainings: segments by several methods, scores by trees and networks, and a search. */
export function makeRuns(): RunStore {
  const random = new Random(7);
  const store: RunStore = { runs: [], curves: new Map(), evaluations: new Map(), trials: new Map() };
  for (let i = 0; i < 6; i += 1) addSegmentRun(store, random, i);
  for (let i = 0; i < 5; i += 1) addScoreRun(store, random, i);
  addSearch(store, random);
  addBroken(store, random);
  store.runs.sort((a, b) => b.started_at.localeCompare(a.started_at));
  return store;
}

function blank(random: Random, hoursAgo: number): Wire.RunDetail {
  const seconds = random.between(40, 900) / 10;
  const started = NOW - hoursAgo * 3_600_000;
  return {
    id: random.id(),
    name: "",
    task: "segment",
    model: "kmeans",
    status: "finished",
    tags: [],
    seed: 42,
    started_at: iso(started),
    finished_at: iso(started + seconds * 1000),
    seconds,
    error: null,
    headline: null,
    metrics: [],
    n_trials: 0,
    parent_id: null,
    job_id: null,
    model_version: null,
    params: {},
    data: { n_rows: 4338, fingerprint: "9f2c41d07be35a86", as_of: iso(started - DAY) },
    code_version: "0.1.0",
    has_evaluation: true,
  };
}

const figure = (name: string, value: number | null, n = 1): Wire.RunSummary["metrics"][number] => ({
  name,
  step: n - 1,
  value,
  min: value,
  max: value,
  n_points: n,
});

function addSegmentRun(store: RunStore, random: Random, i: number) {
  const [k, model] = [[5, 4, 6, 5, 8, 5][i]!, ["kmeans", "kmeans", "ward", "kmeans", "kmeans", "rfm"][i]!];
  const silhouette = [0.412, 0.38, 0.371, 0.364, 0.298, 0.301][i]!;
  const run = blank(random, 6 + i * 30);
  run.name = i === 0 ? "customer segments" : `segment by ${model}, ${k} segments`;
  run.model = model;
  run.tags = i < 2 ? ["nightly"] : [];
  run.params = { method: i === 0 ? "auto" : model, k, n_resamples: 20, columns: ["recency", "frequency"] };
  const tried = [4, 5, 6, 7, 8];
  const figuresOf = (n: number) => ({
    stability_ari: 0.98 - Math.abs(n - k) * 0.03,
    silhouette: silhouette - Math.abs(n - k) * 0.02,
  });
  run.headline = { metric: "silhouette", value: silhouette, baseline: 0.301, higher_is_better: true };
  const series = (["stability_ari", "silhouette"] as const).map((name) => ({
    metric: `kmeans ${name} by segments`,
    n_points: tried.length,
    steps: tried,
    values: tried.map((n) => figuresOf(n)[name]),
  }));
  store.curves.set(run.id, series);
  run.metrics = [
    figure("silhouette", silhouette),
    figure("stability_ari", 0.84 + i * 0.02),
    ...series.map(({ metric, values }) => figure(metric, values.at(-1)!, tried.length)),
  ];
  store.runs.push(run);
  store.evaluations.set(run.id, {
    n_rows: 4338,
    metrics: { silhouette, stability_ari: 0.84 + i * 0.02 },
    baseline: { name: "rfm", metrics: { silhouette: 0.301, stability_ari: 0.99 } },
    calibration: null,
    confusion: null,
    importances: [],
    candidates: tried.map((n) => ({ name: `kmeans ${n}`, metrics: figuresOf(n), is_chosen: n === k })),
  });
}

function addScoreRun(store: RunStore, random: Random, i: number) {
  const model = ["mlp", "boosted_trees", "mlp", "logistic", "mlp"][i]!;
  const auc = [0.917, 0.921, 0.904, 0.861, 0.899][i]!;
  const run = blank(random, 3 + i * 7);
  const isNetwork = model === "mlp";
  run.name = [
    "churn, wide network",
    "churn, trees",
    "churn, small network",
    "churn, linear",
    "churn, no dropout",
  ][i]!;
  run.task = "score";
  run.model = model;
  run.seed = 40 + i;
  run.status = i === 0 ? "running" : "finished";
  if (i === 0) Object.assign(run, { finished_at: null, seconds: null, has_evaluation: false });
  run.data = { n_rows: 24_420, fingerprint: "c0ffee12ab90d4e7", as_of: null };
  run.params = isNetwork
    ? {
        learning_rate: [0.003, 0, 0.001, 0, 0.01][i]!,
        batch_size: 256,
        dropout: i === 4 ? 0 : 0.2,
        is_balanced: true,
      }
    : { n_trees: 300, learning_rate: 0.05, is_balanced: i === 1 };
  run.headline = { metric: "auc", value: i === 0 ? null : auc, baseline: 0.5, higher_is_better: true };
  if (isNetwork) {
    const series = learningCurves(random, 0.3 + i * 0.05, i === 4);
    store.curves.set(run.id, series);
    run.metrics = series.map(({ metric, values, n_points }) => {
      const known = values.filter((value) => value !== null);
      return {
        ...figure(metric, values.at(-1) ?? null, n_points),
        min: Math.min(...known),
        max: Math.max(...known),
      };
    });
  }
  if (i > 0) {
    run.metrics.push(
      figure("auc", auc),
      figure("brier", 0.094 + i * 0.006),
      figure("ece", 0.012 + i * 0.004),
    );
    store.evaluations.set(run.id, scoreEvaluation(auc, i));
  }
  run.metrics.sort((a, b) => a.name.localeCompare(b.name));
  store.runs.push(run);
}

/** Losses that fall and, without dropout, rise again on rows held back; a few values are no numbers. */
function learningCurves(random: Random, floor: number, overfits: boolean): Wire.Series[] {
  const steps = Array.from({ length: N_STEPS }, (_, i) => i * 50);
  const fall = (i: number) => floor + 2 * Math.exp(-i / 25) + 0.05 * random.normal();
  const rise = (i: number) => (overfits ? Math.max(0, i - 60) * 0.004 : 0);
  const loss = steps.map((_, i) => (i > 90 && i < 96 ? null : Math.max(0.02, fall(i))));
  const valLoss = steps.map((_, i) => Math.max(0.03, fall(i) + 0.08 + rise(i)));
  const rate = steps.map((_, i) => 0.003 * 0.5 * (1 + Math.cos((Math.PI * i) / N_STEPS)));
  const of = (metric: string, values: (number | null)[]) => ({ metric, n_points: 10_000, steps, values });
  return [of("loss", loss), of("val_loss", valLoss), of("learning_rate", rate)];
}

function scoreEvaluation(auc: number, i: number): Wire.RunEvaluation {
  const right = Math.round(794 + i * 10);
  const bins = [2210, 980, 510, 320, 240, 180, 140, 120, 100, 84].map((n, b) => {
    const predicted = (b + 0.42) / 10;
    const observed = Math.min(1, Math.max(0, predicted + Math.sin(b * 1.3 + i) * 0.035));
    return { lower: b / 10, upper: (b + 1) / 10, n, mean_predicted: predicted, observed };
  });
  const features = [
    "tenure",
    "recency",
    "basket_value",
    "n_tickets",
    "country",
    "return_rate",
    "weekend_share",
  ];
  return {
    n_rows: 4884,
    metrics: { auc, ks: auc - 0.24, brier: 0.094 + i * 0.006, ece: 0.012 + i * 0.004, log_loss: 0.293 },
    baseline: { name: "base_rate", metrics: { auc: 0.5, brier: 0.18, log_loss: 0.55 } },
    calibration: { positive: "yes", ece: 0.012 + i * 0.004, bins },
    confusion: {
      labels: ["no", "yes"],
      threshold: 0.5,
      counts: [
        [3500, 210],
        [1174 - right, right],
      ],
    },
    importances: features.map((feature, f) => ({ feature, importance: 0.31 / (1 + f * 0.9) })),
    candidates: [],
  };
}

function addSearch(store: RunStore, random: Random) {
  const run = blank(random, 20);
  const trials = Array.from({ length: 24 }, (_, number) => trial(random, number));
  run.name = "search for churn trees";
  run.task = "score";
  run.model = "boosted_trees";
  run.tags = ["search"];
  run.n_trials = trials.length;
  run.has_evaluation = false;
  run.params = { sampler: "tpe", n_trials: 24, metric: "auc" };
  const best = Math.max(...trials.map(({ value }) => value ?? 0));
  run.headline = { metric: "auc", value: best, baseline: 0.861, higher_is_better: true };
  run.metrics = [figure("auc", best)];
  store.trials.set(run.id, trials);
  store.runs.push(run);
}

function trial(random: Random, number: number): Wire.Trial {
  const rate = 10 ** (-3 + 2.5 * random.next());
  const leaves = random.pick([7, 15, 31, 63, 127]);
  const value =
    0.93 - 0.02 * Math.abs(Math.log10(rate) + 1.4) - 0.0001 * Math.abs(leaves - 31) - 0.004 * random.next();
  const status = number === 9 ? "failed" : number % 7 === 5 ? "stopped" : "finished";
  return {
    number,
    status,
    params: { learning_rate: rate, n_leaves: leaves, growth: random.pick(["leaf", "level"]) },
    value: status === "finished" ? value : null,
    cost: random.between(40, 200) / 10,
    reports: [10, 20, 30]
      .slice(0, status === "stopped" ? 1 : 3)
      .map((step) => ({ step, value: value - 0.6 / step })),
    error: status === "failed" ? "the loss is no number" : null,
  };
}

function addBroken(store: RunStore, random: Random) {
  const run = blank(random, 52);
  run.name = "forecast of weekly sales";
  run.task = "forecast";
  run.model = "lstm";
  run.status = "failed";
  run.error = "the series of 12 products are shorter than two seasons";
  run.has_evaluation = false;
  run.params = { horizon: 13, season_length: 52 };
  store.runs.push(run);
}

/** Each series thinned out to the named metrics. */
export function curvesOf(store: RunStore, ids: string[], metrics?: string[]): Wire.RunCurves[] {
  return runsOf(store, ids).map(({ id, name }) => ({
    id,
    name,
    series: (store.curves.get(id) ?? []).filter(({ metric }) => metrics?.includes(metric) ?? true),
  }));
}

export function runsOf(store: RunStore, ids: string[]): Wire.RunDetail[] {
  return ids.map((id) => {
    const run = store.runs.find((known) => known.id === id);
    if (!run) throw new ApiError(404, "not_found", "no such run");
    return run;
  });
}
