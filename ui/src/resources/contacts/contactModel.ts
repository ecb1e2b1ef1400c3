import type { Contact, ContactPatch } from "@/api/types";

/** "Marta Keller" → the parts that a Western and a Chinese name have. */
export function splitName(name: string): { first_name: string | null; last_name: string | null } {
  const words = name.trim().split(/\s+/);
  if (words.length < 2) return { first_name: null, last_name: null };
  return { first_name: words.slice(0, -1).join(" "), last_name: words.at(-1) ?? null };
}

/** The change that a new name means: its parts follow, for a letter greets by them. */
export function renamed(name: string): Required<Pick<ContactPatch, "name" | "first_name" | "last_name">> {
  return { name: name.trim(), ...splitName(name) };
}

/** The tags of a contact with one more; the same ones where it has it already. */
export function withTag(contact: Contact, tag: string): string[] {
  return contact.tags.includes(tag) ? contact.tags : [...contact.tags, tag];
}

export function emailsOf(contacts: Contact[]): string {
  return contacts.flatMap((contact) => contact.email ?? []).join(", ");
}

const DAY_MS = 86_400_000;

export interface Rhythm {
  /** Days between two orders on the average. */
  usualDays: number;
  /** Days since the last order. */
  silentDays: number;
  /** Silence as a multiple of the usual gap: above 1 the customer is late. */
  ratio: number;
}

/** A customer's silence by the customer's own rhythm; none before the second order. */
export function rhythmOf(
  contact: Pick<Contact, "n_orders" | "first_order_at" | "last_order_at">,
  now: number,
): Rhythm | null {
  const { n_orders, first_order_at, last_order_at } = contact;
  if (n_orders < 2 || first_order_at === null || last_order_at === null) return null;
  const [first, last] = [Date.parse(first_order_at), Date.parse(last_order_at)];
  // Orders of one day are one visit; a gap below a day would make everybody late.
  const usualDays = Math.max(1, (last - first) / (n_orders - 1) / DAY_MS);
  const silentDays = Math.max(0, (now - last) / DAY_MS);
  return { usualDays, silentDays, ratio: silentDays / usualDays };
}
