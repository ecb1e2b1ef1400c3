import { expect, it } from "vitest";

import type { Evidence } from "@/api/types";
import { barsOf, sidesOf, verdictOf } from "./evidenceModel";

const evidence: Evidence = {
  metric: "silhouette",
  higher_is_better: true,
  n_rows: 4338,
  value: 0.37,
  champion: { version: 2, value: 0.38 },
  baseline: { name: "rfm", value: 0.3 },
  saved_against_champion: null,
  saved_against_baseline: null,
  measured_at: "2026-11-24T09:30:13Z",
};

it("a candidate is set against champion and baseline, each by itself", () => {
  expect(sidesOf(evidence).map(({ who, verdict }) => [who, verdict])).toEqual([
    ["candidate", null],
    ["champion", "worse"],
    ["baseline", "better"],
  ]);
});

it("without a champion only the baseline is there to beat", () => {
  expect(sidesOf({ ...evidence, champion: null }).map(({ who }) => who)).toEqual(["candidate", "baseline"]);
});

it("less is better where the metric says so, and equal is not better", () => {
  expect(verdictOf(0.1, 0.2, false)).toBe("better");
  expect(verdictOf(0.2, 0.2, false)).toBe("same");
  expect(verdictOf(0.2, null, false)).toBe("unknown");
});

it("bars share one scale that holds zero", () => {
  expect(barsOf([0.4, 0.2])).toEqual([
    { from: 0, to: 1 },
    { from: 0, to: 0.5 },
  ]);
  expect(barsOf([-1, 3, null])).toEqual([
    { from: 0, to: 0.25 },
    { from: 0.25, to: 1 },
    { from: 0.25, to: 0.25 },
  ]);
});
