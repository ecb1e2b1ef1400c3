import { expect, it } from "vitest";

import { changesOf, percentOf, thresholdOf } from "./settingsModel";

it("reads a threshold as people type it", () => {
  expect(["99.9", " 99,5 ", "90", "99.999"].map(thresholdOf)).toEqual([0.999, 0.995, 0.9, 0.99999]);
  expect(["", "100", "89.9", "much"].map(thresholdOf)).toEqual([null, null, null, null]);
  expect([0.999, 0.95].map(percentOf)).toEqual(["99.9", "95"]);
});

it("sends only what was changed", () => {
  const before = { is_automatic: false, threshold: 0.999, distinct_sources: ["a", "b"] };

  expect(changesOf(before, { ...before, distinct_sources: ["b", "a"] })).toEqual({});
  expect(changesOf(before, { ...before, threshold: 0.99 })).toEqual({ threshold: 0.99 });
});
