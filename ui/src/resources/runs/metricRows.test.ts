import { expect, it } from "vitest";

import type { RunEvaluation, RunSummary } from "@/api/types";
import { metricRows } from "./metricRows";

const metrics = [
  { name: "auc", value: 0.8, n_points: 30 },
  { name: "loss", value: 0.4, n_points: 30 },
  { name: "epsilon", value: 3, n_points: 1 },
] as RunSummary["metrics"];
const headline = { metric: "auc", value: 0.8, baseline: 0.5, higher_is_better: true };

it("the evaluation counts, each figure beside its baseline, and no curve stands between them", () => {
  const evaluation = {
    metrics: { brier: 0.1, auc: 0.75 },
    baseline: { name: "base_rate", metrics: { auc: 0.5, brier: 0.25 } },
  } as unknown as RunEvaluation;

  expect(metricRows({ metrics, headline }, evaluation)).toEqual([
    { name: "auc", value: 0.75, baseline: 0.5, difference: 0.25 },
    { name: "brier", value: 0.1, baseline: 0.25, difference: -0.15 },
    { name: "epsilon", value: 3, baseline: null, difference: null },
  ]);
});

it("a run without an evaluation shows the last points of its curves and the baseline of its headline", () => {
  const rows = metricRows({ metrics, headline }, null);

  expect(rows.map(({ name, baseline }) => [name, baseline])).toEqual([
    ["auc", 0.5],
    ["loss", null],
    ["epsilon", null],
  ]);
});
