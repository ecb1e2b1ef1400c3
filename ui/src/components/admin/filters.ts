import type { Condition, Operator } from "@/api/dataProvider";
import { dayOf, startOfDay } from "@/i18n/calendar";
import { minorPerMajor } from "@/i18n/currencies";
import type { Formats } from "@/i18n/format";

/** A field by which a list can be narrowed. */
export interface Filter {
  field: string;
  label: string;
  kind: "choice" | "text" | "tags" | "number" | "money" | "date";
  options?: { value: string; label: string }[];
  /** What a value reads like that is none of the options. */
  unknown?: string;
  /** Other operators than the kind has. */
  operators?: Operator[];
  /** The option that a value means which is written in another way. */
  canonical?: (value: string) => string;
}

export const OPERATORS_OF: Record<Filter["kind"], Operator[]> = {
  choice: ["eq", "ne", "is_null", "not_null"],
  text: ["contains", "eq", "is_null", "not_null"],
  tags: ["contains"],
  number: ["gte", "lte", "eq"],
  money: ["gte", "lte"],
  date: ["gte", "lt", "is_null", "not_null"],
};

/**
 * People type pounds and days; the API takes minor units of the workspace's currency, and the instant at
 * which the day begins where the reader is.
 */
export function fromInput(filter: Filter, text: string, currency: string | null): string {
  if (filter.kind === "money") return String(Math.round(Number(text) * minorPerMajor(currency ?? "")));
  if (filter.kind === "date") return startOfDay(text);
  return text.trim();
}

export function toInput(filter: Filter, { value }: Condition, currency: string | null): string {
  if (filter.kind === "money") return String(Number(value) / minorPerMajor(currency ?? ""));
  if (filter.kind === "date") return isInstant(value) ? dayOf(Date.parse(value)) : "";
  return filter.canonical?.(value) ?? value;
}

/** How a condition's value reads in its chip. */
export function valueText(filter: Filter, condition: Condition, formats: Formats): string {
  const value = filter.canonical?.(condition.value) ?? condition.value;
  switch (filter.kind) {
    case "choice":
      return filter.options?.find((option) => option.value === value)?.label ?? filter.unknown ?? value;
    case "money":
      // Without the currency nobody can tell how many minor units make one.
      return formats.currency === null
        ? "…"
        : formats.money({ amount_minor: Number(value), currency: formats.currency });
    case "number":
      return formats.number(Number(value));
    case "date":
      return isInstant(value) ? formats.date(value) : value;
    case "text":
    case "tags":
      return value;
  }
}

const isInstant = (text: string) => !Number.isNaN(Date.parse(text));
