import type { Condition } from "@/api/dataProvider";
import type { AuditEntry } from "@/api/types";
import { minorPerMajor } from "@/i18n/currencies";
import type { Formats } from "@/i18n/format";
import type { AuditSearch } from "./auditSearch";

/** Where a period begins or ends that is open there. */
const ALWAYS = ["2000-01-01", "2200-01-01"] as const;

/** What is asked of the server. */
export function conditionsOf({ action, object, user, record, from, to }: AuditSearch): Condition[] {
  const is = (field: string, value: string | undefined): Condition[] =>
    value ? [{ field, op: "eq", value }] : [];
  const period = `${from ?? ALWAYS[0]},${to ?? ALWAYS[1]}`;
  return [
    ...is("action", action),
    ...is("object", object),
    ...is("user_id", user),
    ...is("object_id", record),
    ...(from || to ? [{ field: "at", op: "between" as const, value: period }] : []),
  ];
}

export interface ValueTexts {
  formats: Formats;
  names: Record<string, string>;
  nothing: string;
  yes: string;
  no: string;
  priorities: string[];
}

/** The currency of an entry's amounts: that which the entry tells, or else the record's. */
export const currencyOf = ({
  changes,
  currency: ofRecord,
}: Pick<AuditEntry, "changes" | "currency">): string | null => {
  const told = changes?.find(({ field }) => field === "currency");
  const currency = told?.after ?? told?.before;
  return typeof currency === "string" ? currency : ofRecord;
};

/** A value of the audit as people read it. */
export function valueText(field: string, value: unknown, currency: string | null, texts: ValueTexts): string {
  const { formats, names } = texts;
  if (value === null || value === undefined || value === "") return texts.nothing;
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  if (typeof value === "number") {
    if (field.endsWith("_at")) return formats.dateTime(new Date(value / 1000).toISOString());
    if (field.endsWith("_on")) return formats.day(new Date(value * 86_400_000).toISOString().slice(0, 10));
    if (field.endsWith("_minor")) return formats.major(value / minorPerMajor(currency ?? ""), currency);
    if (field === "priority") return texts.priorities[value] ?? formats.number(value);
    return formats.number(value, { maximumFractionDigits: 6 });
  }
  if (typeof value === "string") return names[value] ?? listText(value, texts) ?? value;
  if (Array.isArray(value)) return value.length === 0 ? texts.nothing : value.map(String).join(", ");
  return JSON.stringify(value);
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

/** Where a record has a page of its own; none where it is gone or has none. */
export function pageOf({ object, object_id, title, action }: AuditEntry) {
  if (!object_id || title === null || action === "deleted") return null;
  switch (object) {
    case "contact":
      return { to: "/contacts/$id", params: { id: object_id } } as const;
    case "company":
      return { to: "/companies/$id", params: { id: object_id } } as const;
    case "deal":
      return { to: "/deals/$id", params: { id: object_id } } as const;
    case "ticket":
      return { to: "/tickets/$id", params: { id: object_id } } as const;
    case "product":
      return { to: "/products/$id", params: { id: object_id } } as const;
    case "import":
      return { to: "/imports/$id", params: { id: object_id } } as const;
    default:
      return null;
  }
}
