import { expect, it } from "vitest";

import type { RunDetail } from "@/api/types";
import { metricsBeside, paramsBeside } from "./differences";

const run = (
  params: RunDetail["params"],
  metrics: Record<string, number | null> = {},
  headline: RunDetail["headline"] = null,
) =>
  ({
    params,
    headline,
    metrics: Object.entries(metrics).map(([name, value]) => ({
      name,
      value,
      step: 0,
      min: value,
      max: value,
      n_points: 1,
    })),
  }) as RunDetail;

it("a parameter that one run lacks is a difference", () => {
  expect(paramsBeside([run({ k: 5, method: "ward" }), run({ k: 5 })])).toEqual([
    { name: "k", values: [5, 5], isDifferent: false },
    { name: "method", values: ["ward", null], isDifferent: true },
  ]);
});

it("lists with the same items are the same", () => {
  const [columns] = paramsBeside([run({ columns: ["a", "b"] }), run({ columns: ["a", "b"] })]);

  expect(columns?.isDifferent).toBe(false);
});

it("the headline says which run is best, in its direction", () => {
  const of = (value: number, isHigher: boolean) =>
    run({}, { loss: value }, { metric: "loss", value, baseline: null, higher_is_better: isHigher });

  expect(metricsBeside([of(0.2, false), of(0.1, false)])[0]?.best).toEqual([1]);
  expect(metricsBeside([of(0.2, true), of(0.1, true)])[0]?.best).toEqual([0]);
});

it("nobody is best where no direction is known, or where all are the same", () => {
  const headline = { metric: "auc", value: 1, baseline: null, higher_is_better: true };

  expect(metricsBeside([run({}, { auc: 1 }), run({}, { auc: 0 })])[0]?.best).toEqual([]);
  expect(metricsBeside([run({}, { auc: 1 }, headline), run({}, { auc: 1 }, headline)])[0]?.best).toEqual([]);
});

it("a value that was no number is never the best", () => {
  const headline = { metric: "auc", value: null, baseline: null, higher_is_better: true };

  const [auc] = metricsBeside([
    run({}, { auc: null }, headline),
    run({}, { auc: 0.6 }),
    run({}, { auc: 0.5 }),
  ]);

  expect(auc).toMatchObject({ values: [null, 0.6, 0.5], best: [1] });
});
