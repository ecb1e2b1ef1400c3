import { parseSpan } from "@/components/admin/filters";
import type { Condition, ListQuery, Page, PageRequest } from "../dataProvider";
import { NOW } from "./company";

type Row = { id: string };

const DAY_MS = 86_400_000;
const DAYS_OF = { d: 1, w: 7, m: 30.44, y: 365.25 };

/** About when a stretch that is named from today begins and ends: months are all of one length here. */
function stretchOf(op: Condition["op"], value: string, now: number): [number, number] {
  if (op !== "during") {
    const { n, unit } = parseSpan(value);
    const length = Number(n) * DAYS_OF[unit] * DAY_MS;
    if (op === "in_next") return [now, now + length];
    return op === "in_last" ? [now - length, now + 1] : [-Infinity, now - length];
  }
  const [, word = "this", name = "day"] = /^(last|this|next)_(\w+)$/.exec(value) ?? [];
  const length = { day: 1, week: 7, month: 30.44, quarter: 91.31, year: 365.25 }[name] ?? 1;
  const shift = { last: -1, yesterday: -1, next: 1, tomorrow: 1 }[word === "this" ? value : word] ?? 0;
  const start = (Math.floor(now / (length * DAY_MS)) + shift) * length * DAY_MS;
  return [start, start + length * DAY_MS];
}

/** Filters, sorts, searches and pages an array the way the server does a table. */
export function listRows<T extends Row>(rows: T[], query: ListQuery, page: PageRequest): Page<T> {
  const needle = query.search?.trim().toLowerCase() ?? "";
  const kept = rows
    .filter((row) => (query.filter ?? []).every((condition) => holds(row, condition)))
    .filter((row) => (query.anyOf ?? []).every((group) => group.some((condition) => holds(row, condition))))
    .filter((row) => needle === "" || JSON.stringify(row).toLowerCase().includes(needle));
  return pageOf(sorted(kept, query.sort), page);
}

export function pageOf<T>(rows: T[], { cursor, limit = 50 }: PageRequest): Page<T> {
  const from = cursor ? Number(cursor) : 0;
  const end = from + limit;
  return {
    items: rows.slice(from, end),
    nextCursor: end < rows.length ? String(end) : null,
    estimate: rows.length,
  };
}

function sorted<T extends Row>(rows: T[], sort: string | undefined): T[] {
  if (!sort) return rows;
  const fields = sort.split(",").map((text) => ({
    name: text.replace(/^-/, ""),
    sign: text.startsWith("-") ? -1 : 1,
  }));
  return [...rows].sort((a, b) =>
    fields.reduce((order, { name, sign }) => order || sign * compare(valueOf(a, name), valueOf(b, name)), 0),
  );
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""));
}

/** A field's plain value: a reference's name, an amount's minor units, a part of the address. */
function valueOf(row: object, field: string): unknown {
  const record = row as Record<string, unknown>;
  if (field === "segment_id") return (record.segment as { id: string } | null)?.id;
  if (field === "headline") return (record.headline as { value: number | null } | null)?.value;
  if (field === "headline_metric") return (record.headline as { metric: string } | null)?.metric;
  if (field === "contact_id")
    return (record.subject as { id: string } | null)?.id ?? (record.contact as { id: string } | null)?.id;
  if (field === "currency") return (record.amount as { currency: string } | undefined)?.currency;
  if (field === "stage_id") return (record.stage as { id: string } | null)?.id;
  if (field === "owner_id") return (record.owner as { id: string } | null)?.id;
  if (field === "company_id") return (record.company as { id: string } | null)?.id;
  const value = record[field] ?? (record.address as Record<string, unknown> | undefined)?.[field];
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const { name, amount_minor } = value as { name?: string; amount_minor?: number };
    return amount_minor ?? name;
  }
  return value;
}

function holds(row: object, { field, op, value }: Condition): boolean {
  const actual = valueOf(row, field);
  const text = Array.isArray(actual) ? actual.join(",") : String(actual ?? "");
  const order = typeof actual === "number" ? actual - Number(value) : text.localeCompare(value);
  switch (op) {
    case "eq":
      return text === value;
    case "ne":
      return text !== value;
    case "lt":
      return order < 0;
    case "lte":
      return order <= 0;
    case "gt":
      return order > 0;
    case "gte":
      return order >= 0;
    case "between": {
      const [low = "", high = ""] = value.split(",", 2);
      const isOver = (bound: string) =>
        typeof actual === "number" ? actual - Number(bound) : text.localeCompare(bound);
      // All of the last day is meant.
      return text !== "" && isOver(low) >= 0 && isOver(`${high}${text.includes("T") ? "T99" : ""}`) <= 0;
    }
    case "starts_with":
      return text.toLowerCase().startsWith(value.toLowerCase());
    case "during":
    case "in_last":
    case "in_next":
    case "older_than": {
      const [from, until] = stretchOf(op, value, NOW);
      const at = Date.parse(text);
      return text !== "" && at >= from && at < until;
    }
    case "contains":
      return text.toLowerCase().includes(value.toLowerCase());
    case "in":
      return value.split(",").includes(text);
    case "is_null":
      return text === "";
    case "not_null":
      return text !== "";
  }
}
