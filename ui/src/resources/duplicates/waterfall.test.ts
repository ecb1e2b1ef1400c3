import { expect, it } from "vitest";

import { memoryProvider } from "@/api/memory";
import type { MatchField } from "@/api/types";
import { bandOf, barOf, digitsOf, likelihoodOf, waterfallOf } from "./waterfall";

const field = (name: string, weight: number, agreement: MatchField["agreement"] = "same"): MatchField => ({
  ...{ field: name, left: "a", right: "a" },
  ...{ agreement, weight },
});

it("goes from what is thought before to the sum", () => {
  const fall = waterfallOf({ prior_weight: -10, fields: [field("name", 9), field("city", -2)] });

  expect(fall.steps.map(({ from, to }) => [from, to])).toEqual([
    [0, -10],
    [-10, -1],
    [-1, -3],
  ]);
  expect(fall).toMatchObject({ sum: -3, low: -10, high: 0 });
  expect(barOf(fall, -1, -3)).toEqual({ left: 0.7, width: 0.2 });
});

it("leaves out what says nothing", () => {
  const { steps } = waterfallOf({ prior_weight: -10, fields: [field("phone", 0, "missing")] });

  expect(steps.map(({ key }) => key)).toEqual(["prior"]);
});

it("adds up to the probability that the pair has", async () => {
  const { items } = await memoryProvider({ duplicates: 12 }).matchPairs({}, {});

  for (const pair of items) expect(1 / (1 + 2 ** -waterfallOf(pair).sum!)).toBeCloseTo(pair.probability, 9);
});

it("sums nothing up where part of the evidence is hidden", () => {
  const fall = waterfallOf({
    prior_weight: null,
    fields: [field("name", 7, "close"), field("city", -2, "different")],
  });

  expect(fall.sum).toBeNull();
  expect(fall.steps.map(({ key, from, to }) => [key, from, to])).toEqual([
    ["name", 0, 7],
    ["city", 0, -2],
  ]);
  expect(fall).toMatchObject({ low: -2, high: 7 });
});

it("tells of bands by their edges", () => {
  expect([0.3, 0.7, 0.95].map(bandOf)).toEqual([
    ["low", 0.5],
    ["middle", 0.5],
    ["high", 0.9],
  ]);
});

it("says a probability in words and does not call nearly sure sure", () => {
  expect([0.9995, 0.97, 0.8, 0.5, 0.1, 0.01].map(likelihoodOf)).toEqual([
    "nearly_sure",
    "very_likely",
    "likely",
    "open",
    "unlikely",
    "very_unlikely",
  ]);
  expect([0.5, 0.97, 0.995, 0.99993, 0.004].map(digitsOf)).toEqual([0, 0, 1, 2, 1]);
});
