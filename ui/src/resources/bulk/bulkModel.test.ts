import { expect, it } from "vitest";

import type { CustomField, Pipeline } from "@/api/types";
import { customValuesOf, FIELDS, valuesOf } from "./bulkModel";

const field = (resource: keyof typeof FIELDS, name: string) =>
  FIELDS[resource].find((one) => one.field === name)!;

it("an empty value clears a field that may be empty, and is none of one that may not", () => {
  expect(valuesOf(field("contacts", "owner_id"), "", [])).toEqual({ owner_id: null });
  expect(valuesOf(field("tickets", "status"), "", [])).toBeUndefined();
  expect(valuesOf(field("tasks", "due_on"), "2026-11-30", [])).toEqual({ due_on: "2026-11-30" });
});

it("labels are typed with commas, and none of them means no labels", () => {
  expect(valuesOf(field("companies", "tags"), "vip， retail", [])).toEqual({ tags: ["vip", "retail"] });
  expect(valuesOf(field("companies", "tags"), " ", [])).toEqual({ tags: [] });
});

it("a stage brings its pipeline along", () => {
  const pipelines = [
    { id: "p1", stages: [{ id: "s1" }] },
    { id: "p2", stages: [{ id: "s2" }] },
  ] as Pipeline[];
  expect(valuesOf(field("deals", "stage_id"), "s2", pipelines)).toEqual({
    stage_id: "s2",
    pipeline_id: "p2",
  });
  expect(valuesOf(field("deals", "stage_id"), "gone", pipelines)).toBeUndefined();
});

it("a custom field takes values of its type only", () => {
  const size = { key: "size", type: { kind: "integer" }, is_required: true } as CustomField;
  expect(customValuesOf(size, "7")).toEqual({ custom: { size: 7 } });
  expect(customValuesOf(size, "seven")).toBeUndefined();
  expect(customValuesOf(size, "")).toBeUndefined();
  expect(customValuesOf({ ...size, is_required: false }, "")).toEqual({ custom: { size: null } });
});
