import { expect, it } from "vitest";

import { FORMATS } from "@/i18n/format";
import { fromInput, toInput, valueText, type Filter } from "./filters";

const spent: Filter = { field: "total_spent", label: "Spent", kind: "money" };
const since: Filter = { field: "last_order_at", label: "Last order", kind: "date" };

it("money is typed in pounds and asked for in pence", () => {
  expect(fromInput(spent, "12.5")).toBe("1250");
  expect(toInput(spent, { field: "total_spent", op: "gte", value: "1250" })).toBe("12.5");
});

it("a day is asked for as the instant at which it begins", () => {
  expect(fromInput(since, "2026-11-01")).toBe("2026-11-01T00:00:00Z");
  expect(
    valueText(since, { field: "last_order_at", op: "gte", value: "2026-11-01T12:00:00Z" }, FORMATS.en),
  ).toBe("1 Nov 2026");
});

it("a choice reads by its name", () => {
  const status: Filter = {
    field: "status",
    label: "Status",
    kind: "choice",
    options: [{ value: "open", label: "Offen" }],
  };

  expect(valueText(status, { field: "status", op: "eq", value: "open" }, FORMATS.en)).toBe("Offen");
});
