import type { Company, Contact, Deal, Task, Ticket } from "@/api/types";

/** A record of any kind that has an owner. */
export type PooledRow = Contact | Company | Deal | Ticket | Task;

interface Pooled {
  name: string;
  /** What helps to choose. */
  note: string | null;
  activeAt: string | null;
}

/** What the pool shows of a record of any kind. */
export function pooledOf(row: PooledRow): Pooled {
  const activeAt = "last_activity_at" in row ? row.last_activity_at : row.updated_at;
  if ("due_on" in row) return { name: row.title, note: row.contact?.name ?? null, activeAt };
  if ("subject" in row) return { name: row.subject, note: row.contact?.name ?? null, activeAt };
  if ("domain" in row) return { name: row.name, note: row.domain, activeAt };
  return { name: row.name, note: row.company?.name ?? null, activeAt };
}
