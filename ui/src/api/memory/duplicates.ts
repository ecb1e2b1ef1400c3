import type { MemoryData } from "./company";
import type * as Wire from "../types";
import type { Random } from "./random";

/** A pair as it is kept: the contacts by their ids, so that it always shows what they are now. */
export interface KeptPair extends Omit<Wire.MatchPair, "left" | "right"> {
  leftId: string;
  rightId: string;
}

/** Bits before any field is looked at: one pair of contacts in some thousands is one person. */
const PRIOR = -11.5;
export const MODEL_VERSION = "matching-3";
export const THRESHOLD = 0.999;

/** Bits that the agreement of a field is worth; a value that is missing says nothing. */
const WEIGHTS: Record<string, [same: number, close: number, similar: number, different: number]> = {
  name: [9.2, 6.8, 2.4, -6.1],
  email: [13.4, 5.2, 0.8, -2.3],
  phone: [12.1, 4.1, 0.3, -1.6],
  company: [3.4, 2.9, 0.6, -0.9],
  city: [2.6, 1.9, 0.2, -1.7],
  country: [0.9, 0.9, 0, -3.8],
};

type Variant = (contact: Wire.Contact) => Partial<Wire.Contact>;

const swapped = (name: string) => name.replace(/([a-zé])([a-z])(\s|$)/iu, "$2$1$3");
const plain = (name: string) => name.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase();
const initialed = (name: string) => name.replace(/^(\S)\S+ /u, "$1. ");
const turned = (name: string) => name.split(" ").toReversed().join(" ");

/** How people come to stand in a company's records twice. */
const VARIANTS: Variant[] = [
  ({ name }) => ({ name: swapped(name) }),
  ({ name, phone }) => ({ name: plain(name), phone: phone?.replace(/\d$/, "7") ?? null, email: null }),
  ({ name }) => ({ name, email: `${name.split(" ")[0]}@home.example`.toLowerCase(), phone: null }),
  ({ name, address }) => ({ name: initialed(name), address: { ...address, city: "Lyon" }, company: null }),
  ({ name, address }) => ({
    ...{ name, email: "info@elsewhere.example", phone: null, company: null },
    address: { ...address, city: "Porto", country: "Portugal" },
  }),
  ({ name }) => ({ name: turned(name), email: null }),
];

/** Contacts that stand in the records a second time, and the pairs that a search finds. */
export function addDuplicates(data: MemoryData, random: Random, n: number, foundAt: string): KeptPair[] {
  const originals = data.contacts.slice(0, n);
  return originals.map((contact, i) => {
    const twin: Wire.Contact = {
      ...contact,
      id: random.id(),
      ...VARIANTS[i % VARIANTS.length]!(contact),
      ...{ n_orders: 0, total_spent: null, last_order_at: null, first_order_at: null },
      ...{ last_activity_at: contact.last_activity_at, segment: null, tags: [], title: null, version: 1 },
    };
    data.contacts.push(twin);
    return pairOf(contact, twin, random.id(), foundAt);
  });
}

const valuesOf = (contact: Wire.Contact): [string, string | null][] => [
  ["name", contact.name],
  ["email", contact.email],
  ["phone", contact.phone],
  ["company", contact.company?.name ?? null],
  ["city", contact.address.city],
  ["country", contact.address.country],
];

function pairOf(left: Wire.Contact, right: Wire.Contact, id: string, found_at: string): KeptPair {
  const others = new Map(valuesOf(right));
  const fields = valuesOf(left).map(([field, value]): Wire.MatchField => {
    const other = others.get(field) ?? null;
    const agreement = agreementOf(value, other);
    return { field, left: value, right: other, agreement, weight: weightOf(field, agreement) };
  });
  const bits = fields.reduce((sum, { weight }) => sum + weight, PRIOR);
  const probability = 1 / (1 + 2 ** -bits);
  return {
    ...{ id, leftId: left.id, rightId: right.id, fields, probability, found_at },
    value: 4 * probability * (1 - probability),
    status: "open",
    is_certain: probability >= THRESHOLD,
    prior_weight: PRIOR,
    is_partial: false,
    model_version: MODEL_VERSION,
    ...{ operation: null, decided_by: null, decided_at: null, reason: null },
  };
}

function weightOf(field: string, agreement: Wire.MatchAgreement): number {
  if (agreement === "missing") return 0;
  const idx = ["same", "close", "similar", "different"].indexOf(agreement);
  return WEIGHTS[field]?.[idx] ?? 0;
}

function agreementOf(left: string | null, right: string | null): Wire.MatchAgreement {
  if (left === null || right === null) return "missing";
  if (left === right) return "same";
  const words = (text: string) => plain(text).split(" ").sort().join(" ");
  const [one, other] = [words(left), words(right)];
  if (one === other || [...one].sort().join("") === [...other].sort().join("")) return "close";
  const nShared = [...one].filter((letter, i) => other[i] === letter).length;
  return nShared >= Math.max(one.length, other.length) * 0.6 ? "similar" : "different";
}
