import { expect, it } from "vitest";

import { FORMATS, formatsOf } from "@/i18n/format";
import { fromInput, toInput, valueText, type Filter } from "./filters";

const spent: Filter = { field: "total_spent", label: "Spent", kind: "money" };

it("money is typed in major units and asked for in minor ones of the workspace's currency", () => {
  const check = (currency: string, typed: string, asked: string) => {
    expect(fromInput(spent, typed, currency)).toBe(asked);
    expect(toInput(spent, { field: "total_spent", op: "gte", value: asked }, currency)).toBe(typed);
  };

  check("GBP", "12.5", "1250");
  check("JPY", "500", "500");
  check("KWD", "1.25", "1250");
});

it("a chip names the currency, and waits for it", () => {
  const condition = { field: "total_spent", op: "gte", value: "500" } as const;

  expect(valueText(spent, condition, formatsOf("en", "JPY"))).toBe("¥500");
  expect(valueText(spent, condition, FORMATS.en)).toBe("…");
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

it("a value that is no longer offered reads by what it was, not by its id", () => {
  const segment: Filter = { field: "segment_id", label: "", kind: "choice", options: [], unknown: "former" };

  expect(valueText(segment, { field: "segment_id", op: "eq", value: "0197" }, FORMATS.en)).toBe("former");
});
