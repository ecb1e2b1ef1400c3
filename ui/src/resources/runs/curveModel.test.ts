import { describe, expect, it } from "vitest";

import type { RunCurves, RunSummary } from "@/api/types";
import {
  byStem,
  curveNames,
  logBaseOf,
  lonePoints,
  nNotPositive,
  ofMetric,
  pointsOf,
  smoothed,
  summaryOf,
} from "./curveModel";

const series = (metric: string, values: (number | null)[]) => ({
  metric,
  n_points: values.length,
  steps: values.map((_, i) => i),
  values,
});
const run = (name: string, ...all: ReturnType<typeof series>[]): RunCurves => ({
  id: name,
  name,
  series: all,
});

describe("smoothing", () => {
  it("leaves a constant as it is, from the first step on", () => {
    for (const value of smoothed([3, 3, 3, 3], 0.9)) expect(value).toBeCloseTo(3, 12);
  });

  it("weighs what came before as Kingma and Ba do", () => {
    // (0.5 * 0.5 * 1 + 0.5 * 3) / (1 - 0.25)
    expect(smoothed([1, 3], 0.5)[1]).toBeCloseTo(1.75 / 0.75, 12);
  });

  it("keeps gaps and goes on behind them", () => {
    const [first, gap, last] = smoothed([2, null, 2], 0.6);

    expect([first, gap]).toEqual([2, null]);
    expect(last).toBeCloseTo(2, 12);
  });

  it("of weight nothing changes nothing", () => {
    expect(smoothed([1, 5, 2], 0)).toEqual([1, 5, 2]);
  });
});

it("a logarithmic axis turns zero and below into gaps and says how many", () => {
  const curve = { name: "", look: 0, nPoints: 3, steps: [0, 10, 20], values: [0, 2, -1] };

  expect(pointsOf(curve, true)).toEqual([
    [0, null],
    [10, 2],
    [20, null],
  ]);
  expect(pointsOf(curve, false).map(([, value]) => value)).toEqual([0, 2, -1]);
  expect(nNotPositive([curve])).toBe(2);
});

it("a point between two gaps is drawn by itself", () => {
  const points = pointsOf({ steps: [0, 1, 2, 3, 4], values: [1, null, 2, null, 3] }, false);

  expect(lonePoints(points).map(([step]) => step)).toEqual([0, 2, 4]);
});

it("the metrics of most runs come first, and single values are no curves", () => {
  const metric = (name: string, n_points: number) => ({ name, n_points }) as RunSummary["metrics"][number];
  const runs = [
    { metrics: [metric("auc", 1), metric("loss", 2)] },
    { metrics: [metric("acc", 2), metric("loss", 2)] },
  ];

  expect(curveNames(runs)).toEqual(["loss", "acc"]);
});

it("training and validation come before what stands alone", () => {
  const metrics = ["learning_rate", "loss", "val_loss"].map((name) => ({ name, n_points: 2 }));

  expect(curveNames([{ metrics: metrics as RunSummary["metrics"] }])).toEqual([
    "loss",
    "val_loss",
    "learning_rate",
  ]);
});

it("a logarithmic axis has steps of ten only where there are several", () => {
  expect(logBaseOf([{ values: [0.2, 2.5, null] }])).toBe(2);
  expect(logBaseOf([{ values: [1e-6, 2] }, { values: [-1] }])).toBe(10);
  expect(logBaseOf([])).toBe(2);
});

it("a run keeps its look where another lacks the metric", () => {
  const runs = [run("a", series("acc", [0, 1])), run("b", series("loss", [2, 1]))];

  expect(ofMetric(runs, "loss").map(({ name, look }) => [name, look])).toEqual([["b", 1]]);
});

it("training and validation share a chart", () => {
  const groups = byStem([series("loss", [2, 1]), series("lr", [1, 2]), series("val_loss", [3, 2])]);

  expect(groups.map(({ stem, curves }) => [stem, curves.map(({ name }) => name)])).toEqual([
    ["loss", ["loss", "val_loss"]],
    ["lr", ["lr"]],
  ]);
});

it("a curve in figures passes over gaps", () => {
  expect(summaryOf({ values: [null, 3, 1, 2, null] })).toEqual({ first: 3, lowest: 1, highest: 3, last: 2 });
  expect(summaryOf({ values: [null] })).toEqual({ first: null, lowest: null, highest: null, last: null });
});
