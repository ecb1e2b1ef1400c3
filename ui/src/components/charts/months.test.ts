import { expect, it } from "vitest";

import { withoutGaps } from "./months";

it("months in which nothing happened stand on the axis, too", () => {
  const months = withoutGaps(
    [
      { month: "2025-11", n: 3 },
      { month: "2026-02", n: 1 },
    ],
    (month) => ({ month, n: 0 }),
  );

  expect(months).toEqual([
    { month: "2025-11", n: 3 },
    { month: "2025-12", n: 0 },
    { month: "2026-01", n: 0 },
    { month: "2026-02", n: 1 },
  ]);
});

it("nothing stays nothing", () => {
  expect(withoutGaps([], (month) => ({ month }))).toEqual([]);
});
