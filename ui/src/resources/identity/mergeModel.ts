import type { Contact } from "@/api/types";

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

/**
 * What a merge leaves of each field: that of the one that stays, or of the other where it has none; addresses
 * whole, tags and orders of both. The server's rules decide; this says what they usually do.
 */
export function mergedFields(left: Contact, right: Contact, stays: Side): MergedField[] {
  const of = { left, right };
  const goes: Side = stays === "left" ? "right" : "left";
  const row = (
    [field, read]: [string, Read],
    survivorOf: (values: Record<Side, string | null>) => MergedField["survivor"],
  ): MergedField => {
    const values = { left: read(left), right: read(right) };
    const survivor = survivorOf(values);
    return { field, ...values, survivor, isFilled: survivor === goes };
  };
  const first = (values: Record<Side, string | null>) =>
    values[stays] !== null ? stays : values[goes] !== null ? goes : null;
  const addressOf: Side = hasAddress(of[stays]) ? stays : goes;
  const fields = [
    ...SINGLE.map((field) => row(field, first)),
    ...ADDRESS.map((field) => row(field, (values) => (values[addressOf] === null ? null : addressOf))),
    row(["tags", ({ tags }) => orNull(tags.join(", "))], ({ left: one, right: other }) =>
      one !== null && other !== null ? "both" : first({ left: one, right: other }),
    ),
  ];
  return fields.filter((one) => one.left !== null || one.right !== null);
}
