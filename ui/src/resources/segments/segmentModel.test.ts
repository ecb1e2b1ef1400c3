import { expect, it } from "vitest";

import { barOf, extent, toSeries } from "./segmentModel";

it("the map is parted into one series per segment, each point knowing its customer", () => {
  const series = toSeries({ ids: ["a", "b", "c"], x: [1, 2, 3], y: [4, 5, 6], segment: [1, 0, 1], axes: [] });

  expect(series).toEqual([
    { idx: 0, points: [[2, 5]], rows: [1] },
    {
      idx: 1,
      points: [
        [1, 4],
        [3, 6],
      ],
      rows: [0, 2],
    },
  ]);
});

it("one odd customer does not shrink the map for all others", () => {
  const values = [...Array.from({ length: 999 }, (_, i) => i / 999), 1_000_000];

  expect(extent(values)[1]).toBeLessThan(1.2);
});

it("an axis of one value still has a width", () => {
  const [low, high] = extent([3, 3, 3]);

  expect(low).toBeLessThan(high);
});

it("bars end at two and a half deviations", () => {
  expect([barOf(0), barOf(1.25), barOf(-9)]).toEqual([0, 0.5, -1]);
});
