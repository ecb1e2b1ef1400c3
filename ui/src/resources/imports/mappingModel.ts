import type { ColumnMapping, EntityKind, FieldInfo, Import, Mapping } from "@/api/types";
import { hasCustomFields, OBJECT_OF, type CustomObject } from "@/resources/custom/customModel";

export const ENTITIES: EntityKind[] = [
  "order_lines",
  "contacts",
  "companies",
  "products",
  "events",
  "tickets",
  "campaigns",
  "deals",
  "tasks",
  "notes",
];

/** The fields that a file of this kind can fill. */
export function fieldsOf(fields: FieldInfo[], entity: EntityKind): FieldInfo[] {
  return fields.filter((field) => field.entity === entity);
}

/** The objects whose records rows of this kind are, where they may have fields of their own. */
export const customObjectOf = (entity: EntityKind): CustomObject | null =>
  hasCustomFields(entity) ? OBJECT_OF[entity] : null;

/** A column set by hand is certain; a field that another column held moves over. */
export function setField(mapping: Mapping, column: string, field: string | null): Mapping {
  return {
    ...mapping,
    columns: mapping.columns.map((known) => {
      if (known.column === column) return { ...known, field, confidence: 1, reason: "chosen" };
      return field !== null && known.field === field ? { ...known, field: null } : known;
    }),
  };
}

type Mode = Mapping["mode"];

/** What rows of a kind may do: records that are new or known, one each, have the choice. Of events it is the
 * person who may have to be known. */
export function modesOf(entity: EntityKind): Mode[] {
  if (entity === "order_lines" || entity === "notes") return ["both"];
  return entity === "events" ? ["both", "update"] : ["both", "create", "update"];
}

/** Whether values that are here already may be replaced; those of other kinds have one source. */
export const hasReplacing = (entity: EntityKind): boolean => entity === "contacts" || entity === "companies";

/** Whether a column's values take the place of those that are here already. */
export const isReplaced = (mapping: Mapping, column: ColumnMapping): boolean =>
  column.replace ?? mapping.existing === "replace";

/** A choice for the whole file; what was chosen for single columns before is gone. */
export function setExisting(mapping: Mapping, existing: Mapping["existing"]): Mapping {
  return { ...mapping, existing, columns: mapping.columns.map((column) => ({ ...column, replace: null })) };
}

/** A choice for one column. */
export function setReplace(mapping: Mapping, column: string, replace: boolean): Mapping {
  return {
    ...mapping,
    columns: mapping.columns.map((known) => (known.column === column ? { ...known, replace } : known)),
  };
}

/** Another kind of rows: columns and fixed values keep the fields that it also has. */
export function setEntity(before: Mapping, entity: EntityKind, fields: FieldInfo[]): Mapping {
  const names = new Set(fieldsOf(fields, entity).map(({ name }) => name));
  const mapping = hasReplacing(entity) ? before : setExisting(before, "fill");
  return {
    ...mapping,
    entity,
    // A preset is for one kind of rows.
    preset: entity === before.entity ? before.preset : null,
    mode: modesOf(entity).includes(mapping.mode) ? mapping.mode : "both",
    // Only events have times of day.
    time_zone: entity === "events" ? (mapping.time_zone ?? null) : null,
    columns: mapping.columns.map((column) =>
      column.field !== null && !names.has(column.field) ? { ...column, field: null } : column,
    ),
    constants: Object.fromEntries(Object.entries(mapping.constants).filter(([field]) => names.has(field))),
  };
}

/** Fields with one value for the whole file: those that have one, and the currency, which files often lack. */
export function fixedFields(mapping: Mapping, fields: FieldInfo[]): FieldInfo[] {
  return fieldsOf(fields, mapping.entity).filter(
    ({ name }) => name === "currency" || name in mapping.constants,
  );
}

/** A fixed value stands in where no column feeds the field; an empty one is none. */
export function setConstant(mapping: Mapping, field: string, value: string): Mapping {
  const { [field]: _, ...others } = mapping.constants;
  return { ...mapping, constants: value === "" ? others : { ...others, [field]: value } };
}

/** Required fields that neither a column nor a constant fills. */
export function missingFields(mapping: Mapping, fields: FieldInfo[]): FieldInfo[] {
  const filled = new Set([...mapping.columns.map(({ field }) => field), ...Object.keys(mapping.constants)]);
  return fieldsOf(fields, mapping.entity).filter(({ name, required }) => required && !filled.has(name));
}

/** The first values of a column that are not empty, each once. */
export function samplesOf({ headers, rows }: Import["preview"], column: string, n = 3): string[] {
  const at = headers.indexOf(column);
  if (at < 0) return [];
  const values = rows.map((row) => row[at]?.trim() ?? "").filter(Boolean);
  return [...new Set(values)].slice(0, n);
}

/** A time that says itself where it was read off: `…Z`, `… +02:00`, `… GMT`, or seconds since 1970. */
const HAS_ZONE = /(Z|UTC|GMT|[+-]\d{2}:?\d{2}(\s*\(.*\))?)$|^\d{9,}$/i;

/** The first time of a file that has no zone, as it stands there; null where there is none. */
export function timeWithoutZone(mapping: Mapping, rows: string[][]): string | null {
  const at = mapping.columns.findIndex(({ field }) => field === "occurred_at");
  const times = rows.map((row) => row[at]?.trim() ?? "");
  return times.find((time) => /\d[:点时時]\d|\d\.\d\d/.test(time) && !HAS_ZONE.test(time)) ?? null;
}

/** The zones that can be chosen: universal time, that of this browser, and all others. */
export function zonesOf(chosen: string | null | undefined): string[] {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const first = ["UTC", here, ...(chosen ? [chosen] : [])];
  return [...new Set([...first, ...Intl.supportedValuesOf("timeZone")])];
}

export type Certainty = "sure" | "likely" | "unsure" | "none";

export function certaintyOf({ field, confidence }: { field: string | null; confidence: number }): Certainty {
  if (field === null) return "none";
  if (confidence >= 0.9) return "sure";
  return confidence >= 0.6 ? "likely" : "unsure";
}

export const nRejected = ({ counts }: Pick<Import, "counts">): number =>
  Object.values(counts.rejected).reduce((sum, n) => sum + n, 0);

/** The currency of all amounts of a file; null where each row may name its own. */
export function currencyOfFile({ mapping }: Pick<Import, "mapping">, home: string | null): string | null {
  if (mapping.columns.some(({ field }) => field === "currency")) return null;
  return mapping.constants.currency ?? home;
}

/** Addresses and domains of the house, as they are typed: parted by commas, blanks or line breaks. */
export const readAddresses = (text: string): string[] => [
  ...new Set(text.split(/[\s,;，；]+/).filter((address) => address !== "")),
];
