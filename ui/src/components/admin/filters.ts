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
  text: ["contains", "starts_with", "eq", "ne", "is_null", "not_null"],
  tags: ["contains"],
  number: ["gte", "lte", "between", "eq"],
  money: ["gte", "lte", "between"],
  date: ["during", "in_last", "older_than", "in_next", "gte", "lt", "between", "is_null", "not_null"],
};

/** Stretches of time that are named from today. */
export const PERIODS = [
  "today",
  "yesterday",
  "tomorrow",
  "this_week",
  "last_week",
  "next_week",
  "this_month",
  "last_month",
  "next_month",
  "this_quarter",
  "last_quarter",
  "next_quarter",
  "this_year",
  "last_year",
  "next_year",
] as const;
export type Period = (typeof PERIODS)[number];

/** Units of a length of time, by the letter that the API writes them with. */
export const SPAN_UNITS = ["d", "w", "m", "y"] as const;
export type SpanUnit = (typeof SPAN_UNITS)[number];

/** What is typed for a value, by the operator. */
export type Entry = "none" | "one" | "two" | "span" | "period";

export function entryOf(op: Operator): Entry {
  if (op === "is_null" || op === "not_null") return "none";
  if (op === "between") return "two";
  if (op === "during") return "period";
  return op === "in_last" || op === "in_next" || op === "older_than" ? "span" : "one";
}

/** The number and the unit of `30d`; thirty days where it says something else. */
export function parseSpan(text: string): { n: string; unit: SpanUnit } {
  const [, n = "30", unit = "d"] = /^(\d{1,5})([dwmy])$/.exec(text) ?? [];
  return { n, unit: unit as SpanUnit };
}

/** Words for operators and for times that are named from today; the screens' texts know them. */
export interface FilterWords {
  period: (period: Period) => string;
  span: (n: number, unit: SpanUnit) => string;
  and: (low: string, high: string) => string;
}

/**
 * People type pounds and days; the API takes minor units of the workspace's currency, and the instant at
 * which the day begins where the reader is. The days of a stretch stay days, so that the last one counts.
 */
export function fromInput(filter: Filter, op: Operator, typed: string, currency: string | null): string {
  const entry = entryOf(op);
  if (entry === "none") return "";
  if (entry === "two") return inTwo(typed, (text) => oneFromInput(filter, text, currency, false));
  return entry === "one" ? oneFromInput(filter, typed, currency, true) : typed;
}

function oneFromInput(filter: Filter, text: string, currency: string | null, isInstant: boolean): string {
  if (filter.kind === "money") return String(Math.round(Number(text) * minorPerMajor(currency ?? "")));
  if (filter.kind === "date" && isInstant) return startOfDay(text);
  return text.trim();
}

export function toInput(filter: Filter, { op, value }: Condition, currency: string | null): string {
  const entry = entryOf(op);
  if (entry === "two") return inTwo(value, (text) => oneToInput(filter, text, currency));
  return entry === "one" ? oneToInput(filter, value, currency) : value;
}

function oneToInput(filter: Filter, value: string, currency: string | null): string {
  if (filter.kind === "money") return String(Number(value) / minorPerMajor(currency ?? ""));
  if (filter.kind === "date") {
    if (isDay(value)) return value;
    return isInstant(value) ? dayOf(Date.parse(value)) : "";
  }
  return filter.canonical?.(value) ?? value;
}

const inTwo = (text: string, each: (part: string) => string) => text.split(",", 2).map(each).join();

/** How a condition's value reads in its chip. */
export function valueText(
  filter: Filter,
  { op, value }: Condition,
  formats: Formats,
  words: FilterWords,
): string {
  switch (entryOf(op)) {
    case "none":
      return "";
    case "period":
      return PERIODS.includes(value as Period) ? words.period(value as Period) : value;
    case "span": {
      const { n, unit } = parseSpan(value);
      return words.span(Number(n), unit);
    }
    case "two": {
      const [low = "", high = ""] = value.split(",", 2).map((part) => oneText(filter, part, formats));
      return words.and(low, high);
    }
    case "one":
      return oneText(filter, value, formats);
  }
}

function oneText(filter: Filter, given: string, formats: Formats): string {
  const value = filter.canonical?.(given) ?? given;
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
      // A day is the same day everywhere: noon of it falls on it in nearly all zones.
      if (isDay(value)) return formats.date(`${value}T12:00:00`);
      return isInstant(value) ? formats.date(value) : value;
    case "text":
    case "tags":
      return value;
  }
}

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);
const isInstant = (text: string) => !Number.isNaN(Date.parse(text));
