import { expect, it } from "vitest";

import { barOf, besides, extent, toSeries } from "./segmentModel";

it("the map is parted into one series per segment, each point knowing its customer", () => {
  const map = { ids: ["a", "b", "c"], x: [1, 2, 3], y: [4, 5, 6], segment: [1, 0, 1], axes: [] };
  const series = toSeries(map, [0, 9], [0, 9]);

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

it("an odd customer stands at the edge of the map instead of nowhere", () => {
  const map = { ids: ["a", "b"], x: [1, 1000], y: [0, -1000], segment: [0, 0], axes: [] };

  expect(toSeries(map, [0, 2], [-1, 1])[0]?.points).toEqual([
    [1, 0],
    [2, -1],
  ]);
});

it("customers who are only somewhat apart are within the axis", () => {
  const values = [...Array.from({ length: 999 }, (_, i) => i / 999), 1.4];

  expect(extent(values)[1]).toBeGreaterThan(1.4);
});

it.each([
  [
    "312 customers (8% of all) with 45% of the value. Typically 3 orders, the last 18 days ago.",
    ["8%", "45%", "Orders"],
    "Typically 3 orders, the last 18 days ago.",
  ],
  [
    "They rest. What sets them apart: low orders (1 against 2); low basket value (3.5 against 9).",
    ["Orders", "Basket value"],
    "They rest.",
  ],
  ["312位客户（占8%），贡献45%的价值。通常1单。", ["8%", "45%"], "通常1单。"],
])("a portrait does not repeat its figures and bars: %s", (description, shown, left) => {
  expect(besides(description, shown)).toBe(left);
});

it("an axis of one value still has a width", () => {
  const [low, high] = extent([3, 3, 3]);

  expect(low).toBeLessThan(high);
});

it("bars end at two and a half deviations", () => {
  expect([barOf(0), barOf(1.25), barOf(-9)]).toEqual([0, 0.5, -1]);
});
