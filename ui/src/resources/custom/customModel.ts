import type { CustomField, CustomFieldKind, CustomValue } from "@/api/types";
import type { Filter } from "@/components/admin/filters";
import type { Formats } from "@/i18n/format";
import { splitTags } from "@/components/admin/columns";

export type KindName = CustomFieldKind["kind"];

/** The types in the order in which they are offered. */
export const KINDS: KindName[] = [
  "text",
  "long_text",
  "number",
  "integer",
  "boolean",
  "date",
  "timestamp",
  "choice",
  "multiple_choice",
  "url",
  "email",
  "phone",
];

export type CustomObject = "contact" | "company" | "deal" | "ticket" | "task";

/** The objects with custom fields, by the lists that show them. */
export const OBJECT_OF = {
  contacts: "contact",
  companies: "company",
  deals: "deal",
  tickets: "ticket",
  tasks: "task",
} as const satisfies Record<string, CustomObject>;
export type CustomResource = keyof typeof OBJECT_OF;

export const hasCustomFields = (resource: string): resource is CustomResource => resource in OBJECT_OF;

export const hasOptions = (kind: KindName) => kind === "choice" || kind === "multiple_choice";

/** What may be chosen, as people read it. */
export function optionsOf(type: CustomFieldKind): { value: string; label: string }[] {
  if (!("options" in type)) return [];
  return type.options.map((value) => ({ value, label: type.labels?.[value] ?? value }));
}

/** Words for yes and no. */
export interface YesNo {
  yes: string;
  no: string;
}

/** How a value reads. */
export function readable(
  type: CustomFieldKind,
  value: CustomValue | undefined,
  formats: Formats,
  words: YesNo,
): string {
  if (value === undefined) return "";
  const label = (option: string) => optionsOf(type).find((known) => known.value === option)?.label ?? option;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") return formats.number(value);
  if (Array.isArray(value)) return value.map(label).join(", ");
  if (type.kind === "date") return formats.date(`${value}T12:00:00`);
  if (type.kind === "timestamp") return formats.dateTime(value);
  return type.kind === "choice" ? label(value) : value;
}

/** What stands in the editor of a value. */
export function editable(value: CustomValue | undefined): string {
  if (value === undefined) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** What a typed text means: a value, or null to remove it; undefined where it is no value of the type. */
export function typed(type: CustomFieldKind, text: string): CustomValue | null | undefined {
  const given = text.trim();
  if (given === "") return null;
  switch (type.kind) {
    case "number":
    case "integer": {
      const number = Number(given);
      return Number.isFinite(number) && (type.kind === "number" || Number.isInteger(number))
        ? number
        : undefined;
    }
    case "boolean":
      return given === "true" ? true : given === "false" ? false : undefined;
    case "multiple_choice": {
      const known = optionsOf(type);
      const chosen = splitTags(given).map(
        (name) => known.find(({ value, label }) => value === name || label === name)?.value,
      );
      return chosen.every((option) => option !== undefined) ? chosen : undefined;
    }
    case "timestamp": {
      const at = Date.parse(given);
      return Number.isNaN(at) ? undefined : new Date(at).toISOString();
    }
    default:
      return given;
  }
}

/** A value in a form until it is sent: as it is typed or chosen, or the options that are ticked. */
export type Draft = string | string[];

/** What stands in a form for a value. */
export function draftOf(type: CustomFieldKind, value: CustomValue | null | undefined): Draft {
  if (type.kind === "multiple_choice") return Array.isArray(value) ? value : [];
  if (type.kind === "timestamp" && typeof value === "string") return localTime(value);
  return editable(value ?? undefined);
}

/** What a draft means, as of `typed`. */
export function meant(type: CustomFieldKind, draft: Draft): CustomValue | null | undefined {
  if (Array.isArray(draft)) return draft.length === 0 ? null : draft;
  return typed(type, draft);
}

/** An instant as fields for date and time have it: by the clock on the wall, to the minute. */
function localTime(instant: string): string {
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Whether whoever makes a record must give a value: nothing else would fill the field. */
export const isAsked = ({ is_required, default: usual }: CustomField) => is_required && usual === null;

const FILTER_KINDS: Record<KindName, Filter["kind"]> = {
  text: "text",
  long_text: "text",
  url: "text",
  email: "text",
  phone: "text",
  number: "number",
  integer: "number",
  boolean: "choice",
  choice: "choice",
  multiple_choice: "tags",
  date: "date",
  timestamp: "date",
};

/** The filter of a field, with the comparisons that the server has for its type. */
export function filterOf({ key, type }: CustomField, label: string, words: YesNo): Filter {
  const filter: Filter = { field: `custom.${key}`, label, kind: FILTER_KINDS[type.kind] };
  if (type.kind === "boolean") {
    filter.options = [
      { value: "true", label: words.yes },
      { value: "false", label: words.no },
    ];
  } else if (type.kind === "choice") filter.options = optionsOf(type);
  if (type.kind === "long_text") filter.operators = ["contains", "is_null", "not_null"];
  // A date compares with days: the instant at which one begins is none of its values.
  if (type.kind === "date") {
    filter.operators = ["during", "in_last", "older_than", "in_next", "between", "is_null", "not_null"];
  }
  return filter;
}

/** A key for a label: `Shoe size` is `shoe_size`; a label without Latin letters gives none. */
export function keyOf(label: string): string {
  const words = label
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "");
  return words.slice(0, 60);
}
