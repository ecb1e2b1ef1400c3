import type { AuditAction, AuditObject } from "@/api/types";
import type { CalendarDate } from "@/i18n/calendar";

/** What was done, in the order of the filter. */
export const ACTIONS = [
  "created",
  "updated",
  "deleted",
  "shared",
  "viewed",
  "exported",
  "started",
  "undone",
  "merged",
  "unmerged",
  "split",
  "decided",
  "revoked",
  "password_changed",
  "erased",
] as const satisfies AuditAction[];

/** What it was done to, in the order of the filter. */
export const OBJECTS = [
  "contact",
  "company",
  "deal",
  "ticket",
  "task",
  "note",
  "user",
  "role",
  "team",
  "api_key",
  "write_key",
  "source",
  "setting",
  "custom_field",
  "pipeline",
  "import",
  "bulk_edit",
  "list",
  "webhook",
  "mailbox",
  "model",
] as const satisfies AuditObject[];

/** What the address of the audit asks for. */
export interface AuditSearch {
  action?: AuditAction;
  object?: AuditObject;
  user?: string;
  record?: string;
  from?: CalendarDate;
  to?: CalendarDate;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The parts of an address that can be asked for; others are left out. */
export function parseAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const text = (key: string) => (typeof raw[key] === "string" ? raw[key] : "");
  const action = ACTIONS.find((one) => one === raw.action);
  const object = OBJECTS.find((one) => one === raw.object);
  return {
    ...(action ? { action } : {}),
    ...(object ? { object } : {}),
    ...(text("user") ? { user: text("user") } : {}),
    ...(text("record") ? { record: text("record") } : {}),
    ...(DAY.test(text("from")) ? { from: text("from") } : {}),
    ...(DAY.test(text("to")) ? { to: text("to") } : {}),
  };
}
