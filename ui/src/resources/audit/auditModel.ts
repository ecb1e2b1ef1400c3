import type { Condition } from "@/api/dataProvider";
import type { AuditEntry } from "@/api/types";
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
    case "import":
      return { to: "/imports/$id", params: { id: object_id } } as const;
    default:
      return null;
  }
}
