import type { CustomField, Pipeline } from "@/api/types";
import type { EditResource } from "@/api/dataProvider";
import { splitTags } from "@/components/admin/columns";
import { meant, type Draft } from "@/resources/custom/customModel";

/** How the value of a field is asked for. */
export type Asked =
  | { kind: "text" | "tags" | "date" }
  | { kind: "owner" }
  | { kind: "company" }
  | { kind: "stage" }
  | { kind: "choice"; options: readonly string[] };

/** A field of ours that can be set in bulk; `null` clears it where it may be empty. */
export interface BulkField {
  field: string;
  asked: Asked;
  mayBeEmpty: boolean;
}

const owner: BulkField = { field: "owner_id", asked: { kind: "owner" }, mayBeEmpty: true };
const tags: BulkField = { field: "tags", asked: { kind: "tags" }, mayBeEmpty: true };
const text = (field: string): BulkField => ({ field, asked: { kind: "text" }, mayBeEmpty: true });
const date = (field: string): BulkField => ({ field, asked: { kind: "date" }, mayBeEmpty: true });
const choice = (field: string, options: readonly string[]): BulkField => ({
  field,
  asked: { kind: "choice", options },
  mayBeEmpty: false,
});

const PRIORITIES = ["low", "normal", "high", "urgent"] as const;

/** The fields of each list that make sense for many records at once. */
export const FIELDS: Record<EditResource, BulkField[]> = {
  contacts: [
    owner,
    { field: "company_id", asked: { kind: "company" }, mayBeEmpty: true },
    text("title"),
    tags,
  ],
  companies: [owner, text("industry"), tags],
  deals: [
    { field: "stage_id", asked: { kind: "stage" }, mayBeEmpty: false },
    owner,
    date("expected_close_on"),
  ],
  tickets: [choice("status", ["open", "pending", "solved", "closed"]), choice("priority", PRIORITIES), owner],
  tasks: [choice("status", ["open", "done"]), choice("priority", PRIORITIES), date("due_on"), owner],
};

/** The values of a field of ours, or undefined where none was given that it can have. */
export function valuesOf({ field, asked, mayBeEmpty }: BulkField, given: string, pipelines: Pipeline[]) {
  const value = given.trim();
  if (asked.kind === "tags") return { [field]: splitTags(value) };
  if (value === "") return mayBeEmpty ? { [field]: null } : undefined;
  if (asked.kind === "stage") {
    const pipeline = pipelines.find(({ stages }) => stages.some(({ id }) => id === value));
    return pipeline && { stage_id: value, pipeline_id: pipeline.id };
  }
  return { [field]: value };
}

/** The values of a custom field, or undefined where the draft means none of its type. */
export function customValuesOf({ key, type, is_required }: CustomField, draft: Draft) {
  const value = meant(type, draft);
  if (value === undefined || (value === null && is_required)) return undefined;
  return { custom: { [key]: value } };
}
