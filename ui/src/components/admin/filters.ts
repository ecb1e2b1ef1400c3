import type { Condition, Operator } from "@/api/dataProvider";
import type { Formats } from "@/i18n/format";

/** A field by which a list can be narrowed. */
export interface Filter {
  field: string;
  label: string;
  kind: "choice" | "text" | "tags" | "number" | "money" | "date";
  options?: { value: string; label: string }[];
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

/** People type pounds and days; the API takes minor units and instants. */
export function fromInput(filter: Filter, text: string): string {
  if (filter.kind === "money") return String(Math.round(Number(text) * 100));
  if (filter.kind === "date") return `${text}T00:00:00Z`;
  return text.trim();
}

export function toInput(filter: Filter, { value }: Condition): string {
  if (filter.kind === "money") return String(Number(value) / 100);
  if (filter.kind === "date") return value.slice(0, 10);
  return filter.canonical?.(value) ?? value;
}

/** How a condition's value reads in its chip. */
export function valueText(filter: Filter, condition: Condition, formats: Formats): string {
  const value = filter.canonical?.(condition.value) ?? condition.value;
  switch (filter.kind) {
    case "choice":
      return filter.options?.find((option) => option.value === value)?.label ?? value;
    case "money":
      return formats.number(Number(value) / 100);
    case "number":
      return formats.number(Number(value));
    case "date":
      return Number.isNaN(Date.parse(value)) ? value : formats.date(value);
    case "text":
    case "tags":
      return value;
  }
}
