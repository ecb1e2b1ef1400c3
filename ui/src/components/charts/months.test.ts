import { expect, it } from "vitest";

import { everyMonth } from "./months";

const nothing = (month: string) => ({ month, n: 0 });

it("a month in which nothing happened stands in the chart with nothing", () => {
  const known = [
    { month: "2025-11", n: 3 },
    { month: "2026-02", n: 5 },
  ];

  expect(everyMonth(known, nothing)).toEqual([
    { month: "2025-11", n: 3 },
    { month: "2025-12", n: 0 },
    { month: "2026-01", n: 0 },
    { month: "2026-02", n: 5 },
  ]);
});

it("no month at all stays no month at all", () => {
  expect(everyMonth([], nothing)).toEqual([]);
});
