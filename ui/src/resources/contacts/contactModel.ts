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
