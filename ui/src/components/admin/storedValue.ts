import { minorPerMajor } from "@/i18n/currencies";
import type { Formats } from "@/i18n/format";

/** What values are written with beside themselves. */
export interface ValueTexts {
  formats: Formats;
  /** What people call the records whose identifiers stand among the values. */
  names: Record<string, string>;
  nothing: string;
  yes: string;
  no: string;
  /** By rank, the lowest first. */
  priorities: string[];
}

/** How the values of a column are kept. */
type Kept = "instant" | "day" | "minor" | "rank" | "flag" | "number" | "text";

function keptAs(field: string): Kept {
  // What values people's own fields have is not told by their keys.
  if (field.startsWith("custom.")) return "text";
  if (field.endsWith("_at")) return "instant";
  if (field.endsWith("_on")) return "day";
  if (field.endsWith("_minor")) return "minor";
  if (field === "priority") return "rank";
  if (field.startsWith("is_") || field.startsWith("with_")) return "flag";
  if (field.startsWith("n_") || field === "quantity") return "number";
  return "text";
}

/** A number, which some answers write as a text; null where it is none. */
function numberIn(value: unknown): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : null;
}

/**
 * A value as it is kept, as people read it: instants in microseconds, days since 1970, amounts in minor
 * units of a currency, priorities by rank, lists as JSON, records by their identifiers.
 */
export function storedText(
  field: string,
  value: unknown,
  currency: string | null,
  texts: ValueTexts,
): string {
  const { names } = texts;
  if (value === null || value === undefined || value === "") return texts.nothing;
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  const kept = keptAs(field);
  if (kept === "flag" && (value === "true" || value === "false")) {
    return value === "true" ? texts.yes : texts.no;
  }
  const number = kept === "text" && typeof value !== "number" ? null : numberIn(value);
  if (number !== null) return numberText(kept, number, currency, texts);
  if (typeof value === "string") return names[value] ?? listText(value, texts) ?? value;
  if (Array.isArray(value)) return value.length === 0 ? texts.nothing : value.map(String).join(", ");
  return JSON.stringify(value);
}

function numberText(
  kept: Kept,
  value: number,
  currency: string | null,
  { formats, priorities }: ValueTexts,
): string {
  switch (kept) {
    case "instant":
      return formats.dateTime(new Date(value / 1000).toISOString());
    case "day":
      return formats.day(new Date(value * 86_400_000).toISOString().slice(0, 10));
    case "minor":
      return formats.major(value / minorPerMajor(currency ?? ""), currency);
    case "rank":
      return priorities[value] ?? formats.number(value);
    default:
      return formats.number(value, { maximumFractionDigits: 6 });
  }
}

/** Lists are kept as JSON, such as tags. */
function listText(value: string, texts: ValueTexts): string | null {
  if (!value.startsWith("[")) return null;
  try {
    const list: unknown = JSON.parse(value);
    if (!Array.isArray(list)) return null;
    return list.length === 0 ? texts.nothing : list.map(String).join(", ");
  } catch {
    return null;
  }
}

/** The currency of changed amounts: that which the changes tell, or else the record's. */
export function currencyOf(
  changes: { field: string; before?: unknown; after?: unknown }[] | null | undefined,
  ofRecord: string | null,
): string | null {
  const told = changes?.find(({ field }) => field === "currency");
  const currency = told?.after ?? told?.before;
  return typeof currency === "string" ? currency : ofRecord;
}
