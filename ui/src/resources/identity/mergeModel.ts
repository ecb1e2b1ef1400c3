import type { Contact, ContactMergeField } from "@/api/types";

export type Side = "left" | "right";

/** A field of two contacts, and which of the values a merge leaves. */
export interface MergedField {
  field: string;
  left: string | null;
  right: string | null;
  /** `both` where the two add up; null where neither has a value. */
  survivor: Side | "both" | null;
  /** Whether the one that stays had none. */
  isFilled: boolean;
}

type Read = (contact: Contact) => string | null;

const orNull = (text: string) => (text === "" ? null : text);

/** Fields that are the one's or the other's. */
const SINGLE: [string, Read][] = [
  ["name", ({ name }) => orNull(name)],
  ["email", ({ email }) => email],
  ["phone", ({ phone }) => phone],
  ["title", ({ title }) => title],
  ["company", ({ company }) => company?.name ?? null],
  ["language", ({ language }) => language],
  ["owner", ({ owner }) => owner?.name ?? null],
];

/** An address is of one contact as a whole. */
const ADDRESS: [string, Read][] = [
  ["street", ({ address }) => address.street],
  ["postal_code", ({ address }) => address.postal_code],
  ["city", ({ address }) => address.city],
  ["region", ({ address }) => address.region],
  ["country", ({ address }) => address.country],
];

const hasAddress = (contact: Contact) => ADDRESS.some(([, read]) => read(contact) !== null);

const customOf =
  (key: string): Read =>
  ({ custom }) => {
    const value = custom[key];
    return value === undefined || value === null ? null : [value].flat().join(", ");
  };

/** The fields as the rules of merges name them, in the order in which they are shown. */
export const RULED = [...SINGLE.map(([field]) => field), "address"];

/**
 * What a merge leaves of each field, as the server has told; until it has, that of the one that stays, or of
 * the other where it has none. Addresses are of one contact whole, tags of both.
 */
export function mergedFields(
  left: Contact,
  right: Contact,
  stays: Side,
  told: ContactMergeField[] = [],
): MergedField[] {
  const of = { left, right };
  const goes: Side = stays === "left" ? "right" : "left";
  const winners = new Map(told.map(({ field, winner }) => [field, winner]));
  const custom = [...new Set([left, right].flatMap(({ custom }) => Object.keys(custom)))];
  const row = (
    [field, read]: [string, Read],
    survivorOf: (values: Record<Side, string | null>) => MergedField["survivor"],
  ): MergedField => {
    const values = { left: read(left), right: read(right) };
    const survivor = survivorOf(values);
    return { field, ...values, survivor, isFilled: survivor === goes && values[stays] === null };
  };
  const first = (values: Record<Side, string | null>) =>
    values[stays] !== null ? stays : values[goes] !== null ? goes : null;
  const chosen = (field: string) => (values: Record<Side, string | null>) =>
    winners.get(field) === "goes" ? goes : first(values);
  const addressOf: Side = winners.get("address") === "goes" || !hasAddress(of[stays]) ? goes : stays;
  const fields = [
    ...SINGLE.map((field) => row(field, chosen(field[0]))),
    ...custom.map((key) => row([`custom.${key}`, customOf(key)], chosen(`custom.${key}`))),
    ...ADDRESS.map((field) => row(field, (values) => (values[addressOf] === null ? null : addressOf))),
    row(["tags", ({ tags }) => orNull(tags.join(", "))], ({ left: one, right: other }) =>
      one !== null && other !== null ? "both" : first({ left: one, right: other }),
    ),
  ];
  return fields.filter((one) => one.left !== null || one.right !== null);
}
