import { expect, it } from "vitest";

import type { CustomField, CustomFieldKind } from "@/api/types";
import {
  BLANK,
  definitionOf,
  inputOf,
  isDefaultRight,
  patchOf,
  rulesFor,
  shownKey,
  suggestedFor,
  withAdded,
  withKind,
} from "./definitionModel";

const choice: CustomFieldKind = { kind: "choice", options: ["gold", "tin"], labels: { tin: "Tin tier" } };

function field(change: Partial<CustomField> = {}): CustomField {
  return {
    id: "f",
    object: "contact",
    key: "tier",
    label: { en: "Tier", zh: "等级" },
    help: null,
    type: choice,
    default: null,
    position: 1,
    is_required: false,
    is_unique: false,
    is_indexed: false,
    is_searchable: false,
    archived_at: null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    version: 3,
    ...change,
  };
}

it("a form that nobody touched changes nothing", () => {
  const since = field({ type: { kind: "timestamp" }, default: "2026-02-28T08:30:15Z" });

  expect(patchOf(field(), definitionOf(field()))).toEqual({});
  expect(patchOf(since, definitionOf(since))).toEqual({});
});

it("only what is changed is sent, with all options that there were", () => {
  const definition = withAdded(definitionOf(field()), "lead, gold leaf");

  expect(patchOf(field(), { ...definition, en: " Level " })).toEqual({
    label: { en: "Level", zh: "等级" },
    type: { ...choice, options: ["gold", "tin", "lead", "gold leaf"] },
  });
});

it("help and the usual value are taken away", () => {
  const helped = field({ help: { en: "Why", zh: "为何" }, default: "gold" });

  expect(patchOf(helped, { ...definitionOf(helped), helpEn: "", helpZh: " ", default: "" })).toEqual({
    help: null,
    default: null,
  });
});

it("what no two records may have alike has no usual value", () => {
  const code = field({ type: { kind: "text" }, default: "a" });
  const definition = definitionOf(code);

  expect(patchOf(code, { ...definition, rules: { ...definition.rules, is_unique: true } })).toEqual({
    is_unique: true,
    default: null,
  });
});

it("one language stands for the other, and the English name makes the key", () => {
  expect(inputOf("deal", { ...BLANK, en: "Shoe size" })).toMatchObject({
    object: "deal",
    key: "shoe_size",
    label: { en: "Shoe size", zh: "Shoe size" },
    help: null,
    type: { kind: "text" },
  });
  expect(inputOf("deal", { ...BLANK, key: "size", zh: "鞋码" }).label).toEqual({ en: "鞋码", zh: "鞋码" });
});

it("a name that stands for both languages goes on to do so", () => {
  const copied = field({ label: { en: "Tier", zh: "Tier" } });

  expect(patchOf(copied, definitionOf(copied))).toEqual({});
  expect(patchOf(copied, { ...definitionOf(copied), en: "Level" })).toEqual({
    label: { en: "Level", zh: "Level" },
  });
});

it("another type drops what was said for the old one alone", () => {
  const typed = { ...BLANK, default: "a", rules: { ...BLANK.rules, is_required: true, is_unique: true } };

  expect(withKind("contact", typed, "multiple_choice")).toMatchObject({
    default: [],
    rules: { is_required: true, is_unique: false },
  });
});

it("rules are offered where the server takes them", () => {
  expect(rulesFor("contact", "text")).toEqual(["is_required", "is_unique", "is_indexed", "is_searchable"]);
  expect(rulesFor("deal", "text")).not.toContain("is_searchable");
  expect(rulesFor("company", "long_text")).toEqual(["is_required", "is_searchable"]);
  expect(rulesFor("contact", "choice")).toEqual(["is_required", "is_indexed"]);
  expect(rulesFor("contact", "multiple_choice")).toEqual(["is_required"]);
  expect(rulesFor("contact", "boolean")).toEqual(["is_required", "is_indexed"]);
});

it("a usual value is one of the type, and of the options as they are", () => {
  const number = { ...BLANK, kind: "integer" as const, default: "4.5" };
  expect(isDefaultRight(number)).toBe(false);
  expect(isDefaultRight({ ...number, rules: { ...BLANK.rules, is_unique: true } })).toBe(true);

  const typed = { ...withAdded({ ...BLANK, kind: "choice" }, "a, b"), default: "b" };
  expect(withAdded(typed, "a, b, c").default).toBe("b");
  expect(withAdded(typed, "a").default).toBe("");
});

it.each([
  ["Shoe size", ["42", "43.5"], "number"],
  ["Seats", ["10", "0", "-3"], "integer"],
  ["Cost centre", ["0420", "0421"], "text"],
  ["Long number", ["1234567890123456"], "text"],
  ["Member", ["yes", "No"], "boolean"],
  ["Since", ["2026-02-28"], "date"],
  ["Seen", ["2026-02-28T10:00:00Z", "2026-02-28 10:00"], "timestamp"],
  ["Site", ["https://example.com"], "url"],
  ["Second mail", ["ann@example.com"], "email"],
  ["Mixed", ["1", "ann@example.com"], "text"],
  ["Empty", [], "text"],
] as const)("a column %s with %j suggests a field of its type: %s", (column, samples, kind) => {
  expect(suggestedFor(column, [...samples])).toEqual({ ...BLANK, en: column, kind });
});

it("a column is called in its own language", () => {
  const definition = suggestedFor(" 鞋码 ", ["42"]);

  expect(definition).toMatchObject({ en: "", zh: "鞋码", kind: "integer" });
  expect(shownKey(definition)).toBe("");
});
