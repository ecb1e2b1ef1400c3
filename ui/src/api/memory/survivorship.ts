import type * as Wire from "../types";

/** A contact that is merged, with the sources that tell of it. */
interface Side {
  contact: Wire.Contact;
  sources: string[];
}

type Read = (contact: Wire.Contact) => string | null;

const addressOf = ({ address }: Wire.Contact) =>
  Object.values(address)
    .filter((part) => part !== null)
    .join(", ") || null;

const FIELDS: Record<string, Read> = {
  address: addressOf,
  company: ({ company }) => company?.name ?? null,
  email: ({ email }) => email,
  language: ({ language }) => language,
  name: ({ name }) => name,
  owner: ({ owner }) => owner?.name ?? null,
  phone: ({ phone }) => phone,
  title: ({ title }) => title,
};
/** Fields of which one value may say more than another. */
const COMPLETE = ["name", "title", "address"];

/** Rules with some changed; null takes a field's own rule away. */
export function changedRules(
  rules: Wire.SurvivorshipSettings,
  { usual, fields, trusted_sources }: Wire.SurvivorshipPatch,
): Wire.SurvivorshipSettings {
  const all = Object.entries({ ...rules.fields, ...fields });
  return {
    usual: usual ?? rules.usual,
    fields: Object.fromEntries(all.flatMap(([field, rule]) => (rule ? [[field, rule]] : []))),
    trusted_sources: trusted_sources ?? rules.trusted_sources,
  };
}

/** Whose value each field would have after a merge. */
export function mergedFields(
  stays: Side,
  goes: Side,
  rules: Wire.SurvivorshipSettings,
): Wire.ContactMergeField[] {
  const place = ({ sources }: Side) => {
    const at = rules.trusted_sources.findIndex((source) => sources.includes(source));
    return at < 0 ? Infinity : at;
  };
  const takes = (field: string, rule: Wire.SurvivorshipRule, kept: string, gone: string) => {
    if (rule === "most_recent") return goes.contact.updated_at > stays.contact.updated_at;
    if (rule === "most_trusted") return place(goes) < place(stays);
    return rule === "most_complete" && COMPLETE.includes(field) && gone.length > kept.length;
  };
  const custom = new Set([stays, goes].flatMap(({ contact }) => Object.keys(contact.custom)));
  const readers = [
    ...Object.entries(FIELDS),
    ...[...custom].map((key): [string, Read] => [
      `custom.${key}`,
      (contact) => (contact.custom[key] === undefined ? null : String(contact.custom[key])),
    ]),
  ];
  const fields = readers.flatMap(([field, read]): Wire.ContactMergeField[] => {
    const [kept, gone] = [read(stays.contact), read(goes.contact)];
    if (kept === null && gone === null) return [];
    if (kept === null || gone === null)
      return [{ field, winner: kept === null ? "goes" : "stays", rule: null }];
    const own = rules.fields[field] ?? (field.startsWith("custom.") ? rules.fields["custom"] : undefined);
    const rule = own ?? rules.usual;
    return [{ field, winner: takes(field, rule, kept, gone) ? "goes" : "stays", rule }];
  });
  const [kept, gone] = [stays, goes].map(({ contact }) => contact.tags.length > 0);
  const tags = kept && gone ? "both" : kept ? "stays" : "goes";
  return kept || gone ? [...fields, { field: "tags", winner: tags, rule: null }] : fields;
}

/** The contact that stays, with the values that survive and the orders of both. */
export function merged(
  into: Wire.Contact,
  from: Wire.Contact,
  fields: Wire.ContactMergeField[],
): Wire.Contact {
  const taken = fields.filter(({ winner }) => winner === "goes").map(({ field }) => field);
  const names = { first_name: from.first_name, last_name: from.last_name };
  const spent = [into.total_spent, from.total_spent].filter((money) => money !== null);
  const custom = taken.flatMap((field) => {
    const key = field.startsWith("custom.") ? field.slice("custom.".length) : null;
    return key === null ? [] : [[key, from.custom[key]!] as const];
  });
  const plain = taken.filter((field) => field in FIELDS);
  return {
    ...into,
    ...Object.fromEntries(plain.map((field) => [field, from[field as keyof Wire.Contact]])),
    ...(plain.includes("name") ? names : {}),
    custom: { ...into.custom, ...Object.fromEntries(custom) },
    tags: [...new Set([...into.tags, ...from.tags])],
    n_orders: into.n_orders + from.n_orders,
    total_spent: spent[0]
      ? { ...spent[0], amount_minor: spent.reduce((sum, { amount_minor }) => sum + amount_minor, 0) }
      : null,
    version: into.version + 1,
  };
}
