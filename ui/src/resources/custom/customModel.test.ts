import { expect, it } from "vitest";

import type { CustomField, CustomFieldKind, CustomValue } from "@/api/types";
import { formatsOf } from "@/i18n/format";
import { draftOf, filterOf, isAsked, keyOf, meant, readable, typed } from "./customModel";

const words = { yes: "Yes", no: "No" };
const level: CustomFieldKind = { kind: "choice", options: ["gold", "tin"], labels: { gold: "Gold tier" } };

it("values read as people write them", () => {
  const formats = formatsOf("en", null);

  expect(readable({ kind: "boolean" }, false, formats, words)).toBe("No");
  expect(readable(level, "gold", formats, words)).toBe("Gold tier");
  expect(readable(level, "gone", formats, words)).toBe("gone");
  expect(readable({ ...level, kind: "multiple_choice" }, ["tin", "gold"], formats, words)).toBe(
    "tin, Gold tier",
  );
  expect(readable({ kind: "text" }, undefined, formats, words)).toBe("");
});

it("what is typed is a value of the type, a removal, or nothing", () => {
  expect(typed({ kind: "number" }, " 4.5 ")).toBe(4.5);
  expect(typed({ kind: "integer" }, "4.5")).toBeUndefined();
  expect(typed({ kind: "number" }, "many")).toBeUndefined();
  expect(typed({ kind: "text" }, "  ")).toBeNull();
  expect(typed({ kind: "boolean" }, "true")).toBe(true);
  expect(typed({ ...level, kind: "multiple_choice" }, "Gold tier、tin")).toEqual(["gold", "tin"]);
  expect(typed({ ...level, kind: "multiple_choice" }, "lead")).toBeUndefined();
});

it("a filter has the comparisons of its type", () => {
  const field = (type: CustomFieldKind) => ({ key: "x", type }) as CustomField;

  expect(filterOf(field({ kind: "boolean" }), "VIP", words)).toMatchObject({
    field: "custom.x",
    kind: "choice",
    options: [{ value: "true" }, { value: "false" }],
  });
  expect(filterOf(field({ kind: "date" }), "Since", words).operators).not.toContain("gte");
});

it("a label makes a key", () => {
  expect(keyOf("Shoe size (EU)")).toBe("shoe_size_eu");
  expect(keyOf("2nd Café")).toBe("nd_cafe");
  expect(keyOf("鞋码")).toBe("");
});

it("a value comes through a form as it was, an instant to the minute", () => {
  const through = (type: CustomFieldKind, value: CustomValue | null) => meant(type, draftOf(type, value));

  expect(through({ kind: "integer" }, 12)).toBe(12);
  expect(through({ kind: "boolean" }, false)).toBe(false);
  expect(through({ kind: "timestamp" }, "2026-02-28T08:30:00.000Z")).toBe("2026-02-28T08:30:00.000Z");
  expect(through({ ...level, kind: "multiple_choice" }, ["tin"])).toEqual(["tin"]);
  expect(through({ ...level, kind: "multiple_choice" }, [])).toBeNull();
  expect(through({ kind: "text" }, null)).toBeNull();
});

it("a required field is asked for where nothing else would fill it", () => {
  const field = (is_required: boolean, usual: CustomValue | null) =>
    ({ is_required, default: usual }) as CustomField;

  expect(isAsked(field(true, null))).toBe(true);
  expect(isAsked(field(true, false))).toBe(false);
  expect(isAsked(field(false, null))).toBe(false);
});
