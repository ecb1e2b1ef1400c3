import type { AuditPage, Condition, DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import type { MemoryData } from "./company";
import { pageOf } from "./lists";
import type { Random } from "./random";

type AuditProvider = Pick<DataProvider, "audit" | "verifyAudit" | "restoreAudit">;

const MINUTE_MS = 60_000;

/** What was done and seen in the make-believe company in its last hour. */
export function auditProvider(
  data: MemoryData,
  random: Random,
  answer: <T>(make: () => T) => Promise<T>,
  nowText: () => string,
): AuditProvider {
  const [ada, sam] = data.users.map(({ id, name }) => ({ id, name }));
  const contact = data.contacts[0];
  const by = (user: Wire.Reference | undefined): Wire.AuditActor => ({
    user: user ?? null,
    api_key: null,
    system: null,
  });
  const entry = (id: number, part: Partial<Wire.AuditEntry>): Wire.AuditEntry => ({
    id,
    seq: id,
    at: new Date(Date.parse(nowText()) - (9 - id) * MINUTE_MS).toISOString(),
    actor: by(ada),
    action: "updated",
    object: "contact",
    object_id: contact?.id ?? null,
    title: contact?.name ?? null,
    currency: null,
    about_id: null,
    restores: null,
    changes: [],
    can_restore: false,
    hash: random.id().replaceAll("-", ""),
    ...part,
  });
  let entries: Wire.AuditEntry[] = [
    entry(5, { action: "viewed", actor: by(sam) }),
    entry(4, {
      changes: [
        { field: "title", before: "Buyer", after: contact?.title ?? "Head of buying" },
        { field: "owner_id", before: sam?.id ?? null, after: ada?.id ?? null },
        { field: "tags", before: '["vip"]', after: "[]" },
      ],
      can_restore: true,
    }),
    entry(3, {
      action: "exported",
      object: "list",
      object_id: null,
      title: null,
      actor: {
        user: sam ?? null,
        api_key: { id: random.id(), name: "Warehouse" },
        system: null,
      },
      changes: [{ field: "file", before: null, after: "contacts.csv" }],
    }),
    entry(2, {
      action: "updated",
      actor: { user: null, api_key: null, system: "pool_return" },
      changes: null,
    }),
    entry(1, {
      action: "created",
      object: "role",
      object_id: random.id(),
      title: "Sellers",
      changes: [{ field: "name", before: null, after: "Sellers" }],
    }),
  ];
  const names = Object.fromEntries(data.users.map(({ id, name }) => [id, name]));
  const meets =
    (one: Wire.AuditEntry) =>
    ({ field, value }: Condition) => {
      const told: Record<string, string | null> = {
        action: one.action,
        object: one.object,
        object_id: one.object_id ?? null,
        user_id: one.actor.user?.id ?? null,
      };
      return !(field in told) || told[field] === value;
    };
  return {
    audit: ({ filter = [] }, page): Promise<AuditPage> =>
      answer(() => {
        const found = entries.filter((one) => filter.every(meets(one)));
        return { ...pageOf(found, page), names };
      }),
    verifyAudit: () =>
      answer(() => ({
        checked_at: nowText(),
        n_sound: entries.length,
        head: `${entries.length}:${"5eed".repeat(16)}`,
        fault: null,
      })),
    restoreAudit: (id) =>
      answer(() => {
        const of = entries.find((one) => one.id === id);
        if (!of?.can_restore) throw new ApiError(409, "not_restorable", "this cannot be set back");
        const changes = (of.changes ?? []).map(({ field, before, after }) => ({
          field,
          before: after,
          after: before,
        }));
        const done = entry(entries.length + 1, { changes, restores: of.id, can_restore: true });
        entries = [done, ...entries];
        return { object: of.object, object_id: of.object_id, outcome: "changed" };
      }),
  };
}
