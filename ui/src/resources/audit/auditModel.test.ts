import { expect, it } from "vitest";

import { formatsOf } from "@/i18n/format";
import { conditionsOf, currencyOf, valueText, type ValueTexts } from "./auditModel";
import { parseAuditSearch } from "./auditSearch";

const texts: ValueTexts = {
  formats: formatsOf("en", "EUR"),
  names: { "0198c0de-0000-7000-8000-000000000001": "Ada King" },
  nothing: "empty",
  yes: "Yes",
  no: "No",
  priorities: ["Low", "Normal", "High", "Urgent"],
};

it.each([
  ["title", null, "empty"],
  ["title", "Countess", "Countess"],
  ["tags", '["vip","press"]', "vip, press"],
  ["tags", "[]", "empty"],
  ["body", "[not JSON", "[not JSON"],
  ["owner_id", "0198c0de-0000-7000-8000-000000000001", "Ada King"],
  ["due_on", 20_458, "5 Jan 2026"],
  ["priority", 3, "Urgent"],
  ["custom.level", 2.5, "2.5"],
  ["is_unique", true, "Yes"],
  ["shares", ["Ada *", "Ben"], "Ada *, Ben"],
])("%s of %j is written as %s", (field, value, text) => {
  expect(valueText(field, value, null, texts)).toBe(text);
});

it("amounts are written in the currency that the entry tells", () => {
  expect(valueText("amount_minor", 123_450, "EUR", texts)).toBe("€1,234.50");
  expect(valueText("amount_minor", 5_000, "JPY", texts)).toMatch(/5,000$/);
});

it("an address asks for what it names and nothing else", () => {
  const search = parseAuditSearch({
    action: "viewed",
    object: "moon",
    record: "r",
    from: "2026-01-05",
    to: "x",
  });

  expect(search).toEqual({ action: "viewed", record: "r", from: "2026-01-05" });
  expect(conditionsOf(search)).toEqual([
    { field: "action", op: "eq", value: "viewed" },
    { field: "object_id", op: "eq", value: "r" },
    { field: "at", op: "between", value: "2026-01-05,2200-01-01" },
  ]);
  expect(conditionsOf({})).toEqual([]);
});

it("where the currency has not changed, the record's counts", () => {
  const amount = { field: "amount_minor", before: 5_000, after: 6_000 };
  const currency = { field: "currency", before: "EUR", after: "USD" };

  expect(currencyOf({ changes: [amount], currency: "JPY" })).toBe("JPY");
  expect(currencyOf({ changes: [amount, currency], currency: "USD" })).toBe("USD");
  expect(currencyOf({ changes: null, currency: null })).toBeNull();
});
