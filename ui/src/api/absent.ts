import type * as Wire from "./types";

const ADDRESS: Wire.Address = { street: null, city: null, region: null, postal_code: null, country: null };

/** What stands for the fields of a record that the server leaves out, because the reader's role hides them. */
const NOTHING = {
  contacts: { email: null, phone: null, title: null, address: ADDRESS, tags: [], language: null },
  companies: { domain: null, industry: null, n_employees: null, address: ADDRESS, tags: [] },
  deals: { amount: null, expected_close_on: null },
  tickets: { body: "" },
  entries: { detail: null },
} satisfies Record<string, object>;

/** A record of a resource with all its fields. */
export function whole<T extends object>(resource: string, record: object): T {
  const nothing = Object.entries(NOTHING).find(([name]) => name === resource)?.[1];
  return (nothing ? { ...nothing, ...record } : record) as T;
}

/** What is known of a contact, with all fields. */
export const wholeProfile = (profile: { contact: object; identities: object[] }): Wire.ContactProfile =>
  ({
    ...profile,
    contact: whole("contacts", profile.contact),
    identities: profile.identities.map((identity) => ({
      email: null,
      phone: null,
      profile_key: "",
      ...identity,
    })),
  }) as Wire.ContactProfile;

/** A board with the sums of its columns; none where amounts are hidden. */
export const wholeBoard = (board: { columns: { deals: object[] }[] }): Wire.DealBoard =>
  ({
    ...board,
    columns: board.columns.map((column) => ({
      sums: [],
      weighted: [],
      ...column,
      deals: column.deals.map((deal) => whole("deals", deal)),
    })),
  }) as unknown as Wire.DealBoard;
