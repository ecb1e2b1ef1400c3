import { expect, it } from "vitest";

import { parseSearch, stringifySearch } from "@/components/admin/searchParams";
import { MAX_RUNS, parseComparison } from "./comparison";

it("an address says which runs are compared and how they are drawn", () => {
  const comparison = { run: ["a", "b"], metric: ["loss"], log: "1", smooth: 0.6, differ: "1" } as const;

  expect(parseComparison(parseSearch(stringifySearch({ ...comparison })))).toEqual(comparison);
});

it("one run stands alone, and one that is named twice counts once", () => {
  expect(parseComparison({ run: "a" })).toEqual({ run: ["a"] });
  expect(parseComparison({ run: ["a", "a", ""] })).toEqual({ run: ["a"] });
});

it("what makes no sense is dropped", () => {
  expect(parseComparison({ run: 5, metric: [], log: "yes", smooth: "much", differ: 0 })).toEqual({});
  expect(parseComparison({ smooth: "7" })).toEqual({});
});

it("no more runs are compared than the server takes", () => {
  const run = Array.from({ length: MAX_RUNS + 5 }, (_, i) => `run-${i}`);

  expect(parseComparison({ run }).run).toHaveLength(MAX_RUNS);
});
