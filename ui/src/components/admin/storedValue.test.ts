import { expect, it } from "vitest";

import { formatsOf } from "@/i18n/format";
import { currencyOf, storedText, type ValueTexts } from "./storedValue";

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
  // Some answers write numbers as texts.
  ["priority", "0", "Low"],
  ["expected_close_on", "20458", "5 Jan 2026"],
  ["n_employees", "12000", "12,000"],
  ["is_enabled", "false", "No"],
  ["phone", "4915112345678", "4915112345678"],
  ["custom.visited_at", "1", "1"],
])("%s of %j is written as %s", (field, value, text) => {
  expect(storedText(field, value, null, texts)).toBe(text);
});

it("amounts are written in the currency that the entry tells", () => {
  expect(storedText("amount_minor", 123_450, "EUR", texts)).toBe("€1,234.50");
  expect(storedText("amount_minor", 5_000, "JPY", texts)).toMatch(/5,000$/);
});

it("where the currency has not changed, the record's counts", () => {
  const amount = { field: "amount_minor", before: 5_000, after: 6_000 };
  const currency = { field: "currency", before: "EUR", after: "USD" };

  expect(currencyOf([amount], "JPY")).toBe("JPY");
  expect(currencyOf([amount, currency], "USD")).toBe("USD");
  expect(currencyOf(null, null)).toBeNull();
});
