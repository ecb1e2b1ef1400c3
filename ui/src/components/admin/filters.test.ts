import { expect, it } from "vitest";

import { FORMATS, formatsOf } from "@/i18n/format";
import { fromInput, parseSpan, toInput, valueText, type Filter, type FilterWords } from "./filters";

const WORDS: FilterWords = {
  period: (period) => period.replace("_", " "),
  span: (n, unit) => `${n}${unit}`,
  and: (low, high) => `${low} to ${high}`,
};

const spent: Filter = { field: "total_spent", label: "Spent", kind: "money" };

it("money is typed in major units and asked for in minor ones of the workspace's currency", () => {
  const check = (currency: string, typed: string, asked: string) => {
    expect(fromInput(spent, "gte", typed, currency)).toBe(asked);
    expect(toInput(spent, { field: "total_spent", op: "gte", value: asked }, currency)).toBe(typed);
  };

  check("GBP", "12.5", "1250");
  check("JPY", "500", "500");
  check("KWD", "1.25", "1250");
});

it("a chip names the currency, and waits for it", () => {
  const condition = { field: "total_spent", op: "gte", value: "500" } as const;

  expect(valueText(spent, condition, formatsOf("en", "JPY"), WORDS)).toBe("¥500");
  expect(valueText(spent, condition, FORMATS.en, WORDS)).toBe("…");
});

it("a choice reads by its name", () => {
  const status: Filter = {
    field: "status",
    label: "Status",
    kind: "choice",
    options: [{ value: "open", label: "Offen" }],
  };

  expect(valueText(status, { field: "status", op: "eq", value: "open" }, FORMATS.en, WORDS)).toBe("Offen");
});

it("a value that is no longer offered reads by what it was, not by its id", () => {
  const segment: Filter = { field: "segment_id", label: "", kind: "choice", options: [], unknown: "former" };

  expect(valueText(segment, { field: "segment_id", op: "eq", value: "0197" }, FORMATS.en, WORDS)).toBe(
    "former",
  );
});

it("two amounts are typed, asked for and read as two", () => {
  expect(fromInput(spent, "between", "1.5,20", "GBP")).toBe("150,2000");
  const condition = { field: "total_spent", op: "between", value: "150,2000" } as const;
  expect(toInput(spent, condition, "GBP")).toBe("1.5,20");
  expect(valueText(spent, condition, formatsOf("en", "GBP"), WORDS)).toBe("£1.50 to £20.00");
});

it("the days of a stretch stay days, so that all of the last one counts", () => {
  const since: Filter = { field: "created_at", label: "", kind: "date" };
  const condition = { field: "created_at", op: "between", value: "2026-01-01,2026-01-31" } as const;

  expect(fromInput(since, "between", "2026-01-01,2026-01-31", null)).toBe(condition.value);
  expect(toInput(since, condition, null)).toBe(condition.value);
  expect(valueText(since, condition, FORMATS.en, WORDS)).toBe("1 Jan 2026 to 31 Jan 2026");
});

it("times that are named from today keep their names", () => {
  const since: Filter = { field: "created_at", label: "", kind: "date" };
  const read = (op: "during" | "in_last" | "is_null", value: string) =>
    valueText(since, { field: "created_at", op, value }, FORMATS.en, WORDS);

  expect(read("during", "last_month")).toBe("last month");
  expect(read("during", "someday")).toBe("someday");
  expect(read("in_last", "90d")).toBe("90d");
  expect(read("is_null", "")).toBe("");
  expect(fromInput(since, "older_than", "6m", null)).toBe("6m");
  expect(parseSpan("soon")).toEqual({ n: "30", unit: "d" });
});
