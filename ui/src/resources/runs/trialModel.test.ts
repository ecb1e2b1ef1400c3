import { describe, expect, it } from "vitest";

import { axisOf, bestSoFar, bestTrial, paramNames, placeOn } from "./trialModel";

const trials = [
  { number: 2, value: 0.7 },
  { number: 0, value: 0.5 },
  { number: 1, value: null },
  { number: 3, value: 0.6 },
];

it("the best so far follows the numbers, passes over what did not finish and never gets worse", () => {
  expect(bestSoFar(trials, true)).toEqual([
    [0, 0.5],
    [2, 0.7],
    [3, 0.7],
  ]);
  expect(bestSoFar(trials, false).map(([, best]) => best)).toEqual([0.5, 0.5, 0.5]);
});

it("the best trial is the one with the best value, if any finished", () => {
  expect(bestTrial(trials, true)?.number).toBe(2);
  expect(bestTrial(trials, false)?.number).toBe(0);
  expect(bestTrial([{ number: 0, value: null }], true)).toBeNull();
});

describe("the axis of a parameter", () => {
  const of = (...values: (number | string | boolean)[]) => values.map((x) => ({ params: { x } }));

  it("is straight for numbers of one size, logarithmic for those of many", () => {
    expect(axisOf("x", of(1, 2, 3)).kind).toBe("value");
    expect(axisOf("x", of(0.0001, 0.1)).kind).toBe("log");
    expect(axisOf("x", of(0, 1000)).kind).toBe("value");
  });

  it("goes by name for words and truths, also where only some are words", () => {
    expect(axisOf("x", of(true, false))).toEqual({
      name: "x",
      kind: "category",
      categories: ["false", "true"],
    });
    expect(axisOf("x", of(5, "auto"))).toMatchObject({ categories: ["5", "auto"] });
  });

  it("has no place for a trial without the parameter", () => {
    expect(placeOn({ name: "x", kind: "value" }, {})).toBeNull();
    expect(placeOn({ name: "x", kind: "category", categories: ["a, b"] }, { x: ["a", "b"] })).toBe("a, b");
  });
});

it("parameters come in the order in which trials name them", () => {
  expect(paramNames([{ params: { b: 1 } }, { params: { a: 1, b: 2 } }])).toEqual(["b", "a"]);
});
