import type { DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import type { MemoryData } from "./company";
import type { Random } from "./random";
import { changedRules, merged, mergedFields } from "./survivorship";

type Identities = Pick<
  DataProvider,
  | "identityOperations"
  | "mergeContacts"
  | "splitContact"
  | "undoIdentityOperation"
  | "survivorship"
  | "updateSurvivorship"
  | "previewMerge"
>;

/** Grounds beside the reason: who proposed it and how sure that was. */
type Grounds = Partial<
  Pick<Wire.IdentityOperation, "reason" | "rule" | "model_version" | "score" | "system">
>;

/** What a merge moved, so that it can be taken back. */
interface Moved {
  from: Wire.Contact;
  idx: number;
  before: Wire.Contact;
  identities: Set<string>;
  orders: Set<string>;
}

const shown = new WeakMap<MemoryData, Map<string, Wire.Identity[]>>();

/** The sources' views that a contact is made of: a shop's and a newsletter's, until somebody moves them. */
export function identitiesOf(data: MemoryData, contact: Wire.Contact): Wire.Identity[] {
  const all = shown.get(data) ?? new Map<string, Wire.Identity[]>();
  shown.set(data, all);
  const known = all.get(contact.id) ?? startingWith(data, contact);
  all.set(contact.id, known);
  return known;
}

function setIdentities(data: MemoryData, contact: Wire.Contact, identities: Wire.Identity[]) {
  identitiesOf(data, contact);
  shown.get(data)?.set(contact.id, identities);
}

function startingWith(data: MemoryData, contact: Wire.Contact): Wire.Identity[] {
  const nOrders = data.orders.filter((order) => order.contact?.id === contact.id).length;
  const view = { phone: null, email: contact.email };
  return [
    {
      ...view,
      id: `${contact.id}-1`,
      source: { id: "s1", name: "Web shop" },
      profile_key: "17850",
      rule: "created",
      linked_at: contact.created_at,
      n_records: nOrders * 3,
    },
    {
      ...view,
      id: `${contact.id}-2`,
      source: { id: "s2", name: "Newsletter" },
      profile_key: contact.email ?? "—",
      rule: "email",
      linked_at: contact.updated_at,
      n_records: 2,
    },
  ];
}

const pairKey = (one: string, other: string) => [one, other].sort().join(" ");

/** Who is whom in the make-believe company: every merge, split and decision, and the way back. */
export class IdentityLog {
  operations: Wire.IdentityOperation[] = [];
  /** Which values survive a merge. */
  rules: Wire.SurvivorshipSettings = { usual: "survivor", fields: {}, trusted_sources: [] };
  /** What is gone for good, by merge: such a merge is taken back only in part. */
  readonly lost = new Map<number, string[]>();
  readonly #moved = new Map<number, Moved>();
  /** The operation that says of two contacts that they are never the same. */
  readonly #apart = new Map<string, number>();

  constructor(
    readonly data: MemoryData,
    readonly random: Random,
    readonly now: () => string,
    readonly actor: () => Wire.Reference | null,
  ) {}

  find(id: string): Wire.Contact {
    const found = this.data.contacts.find((contact) => contact.id === id);
    if (!found) throw new ApiError(404, "not_found", "no such contact");
    return found;
  }

  /** The operations about a contact and all that is part of it. */
  of(id: string): Wire.IdentityOperation[] {
    const parts = new Set([id]);
    for (let before = 0; before < parts.size;) {
      before = parts.size;
      for (const { kind, contact_id, other_id, undone_by } of this.operations)
        if (kind === "merge" && undone_by === null && parts.has(contact_id)) parts.add(other_id);
    }
    const isAbout = ({ contact_id, other_id }: Wire.IdentityOperation) =>
      parts.has(contact_id) || parts.has(other_id);
    return this.operations.filter(isAbout).toReversed();
  }

  merge(stays: string, goes: string, grounds: Grounds = {}): number {
    if (stays === goes) throw refusal("same_contact", "name two contacts");
    const [into, from] = [this.find(stays), this.find(goes)];
    if (this.#apart.has(pairKey(stays, goes)))
      throw refusal("kept_apart", "somebody has said that they are never the same person");
    const told = this.tellMerge(stays, goes);
    const idx = this.data.contacts.indexOf(from);
    const orders = this.data.orders.filter(({ contact }) => contact?.id === goes);
    const identities = identitiesOf(this.data, from);
    for (const order of orders) order.contact = { id: into.id, name: into.name };
    setIdentities(this.data, into, [...identitiesOf(this.data, into), ...identities]);
    setIdentities(this.data, from, []);
    this.data.contacts.splice(idx, 1);
    this.#replace(merged(into, from, told));
    const operation = this.#add("merge", stays, goes, { ...grounds, other_name: from.name });
    this.#moved.set(operation, {
      from,
      idx,
      before: into,
      identities: new Set(identities.map(({ id }) => id)),
      orders: new Set(orders.map(({ id }) => id)),
    });
    return operation;
  }

  /** Whose value each field would have after a merge, by the rules of the workspace with some changed. */
  tellMerge(stays: string, goes: string, change: Wire.SurvivorshipPatch = {}): Wire.ContactMergeField[] {
    const side = (id: string) => {
      const contact = this.find(id);
      return { contact, sources: identitiesOf(this.data, contact).map(({ source }) => source.id) };
    };
    return mergedFields(side(stays), side(goes), changedRules(this.rules, change));
  }

  reject(first: string, second: string, grounds: Grounds = {}): number {
    const operation = this.#add("reject", first, second, grounds);
    this.#apart.set(pairKey(first, second), operation);
    return operation;
  }

  split(id: string, ids: string[], name: string | null, grounds: Grounds = {}) {
    const from = this.find(id);
    const [go, stay] = [true, false].map((isGoing) =>
      identitiesOf(this.data, from).filter((identity) => ids.includes(identity.id) === isGoing),
    ) as [Wire.Identity[], Wire.Identity[]];
    if (go.length === 0) throw refusal("nothing_to_split", "name at least one identity to split off");
    const made: Wire.Contact = {
      ...from,
      ...{ id: this.random.id(), name: name ?? from.name, version: 1, tags: [] },
      ...{ n_orders: 0, total_spent: null, first_order_at: null, last_order_at: null },
      ...{ email: go.find(({ email }) => email !== null)?.email ?? null, segment: null },
    };
    this.data.contacts.push(made);
    setIdentities(this.data, from, stay);
    setIdentities(this.data, made, go);
    const operation = this.#add("split", id, made.id, grounds);
    this.#apart.set(pairKey(id, made.id), operation);
    return { operation, contact: made, left: from, n_ambiguous: 0 };
  }

  undo(id: number, { in_part, keep_apart, reason }: Wire.IdentityOperationUndoRequest) {
    const done = this.operations.find((operation) => operation.id === id);
    if (!done) throw new ApiError(404, "not_found", "no such operation");
    const isMerge = done.kind === "merge";
    if (done.undone_by !== null)
      throw refusal(isMerge ? "merge_not_in_force" : "decision_not_in_force", "it was taken back already");
    const lost = this.lost.get(id) ?? [];
    if (lost.length > 0 && !in_part) throw refusal("merge_incomplete", lost.join(", "));
    const contact = isMerge ? this.#part(id) : null;
    const { contact_id, other_id } = done;
    if (!isMerge) this.#apart.delete(pairKey(contact_id, other_id));
    const pair: [string, string] = isMerge ? [other_id, other_id] : [contact_id, other_id];
    const operation = this.#add(isMerge ? "unmerge" : "withdraw", ...pair, { reason, undoes: id });
    if (isMerge && keep_apart) this.#apart.set(pairKey(contact_id, other_id), operation);
    done.undone_by = operation;
    done.other_name = null;
    return { operation, contact, person_id: isMerge ? contact_id : null, kept: [], lost, n_ambiguous: 0 };
  }

  #part(merge: number): Wire.Contact {
    const { from, idx, before, identities, orders } = this.#moved.get(merge)!;
    const into = this.find(before.id);
    this.data.contacts.splice(idx, 0, from);
    for (const order of this.data.orders)
      if (orders.has(order.id)) order.contact = { id: from.id, name: from.name };
    const all = identitiesOf(this.data, into);
    setIdentities(
      this.data,
      from,
      all.filter(({ id }) => identities.has(id)),
    );
    setIdentities(
      this.data,
      into,
      all.filter(({ id }) => !identities.has(id)),
    );
    this.#replace({ ...before, version: into.version + 1 });
    return from;
  }

  #replace(next: Wire.Contact) {
    const idx = this.data.contacts.findIndex(({ id }) => id === next.id);
    this.data.contacts.splice(idx, 1, next);
  }

  #add(kind: string, contact_id: string, other_id: string, more: Partial<Wire.IdentityOperation>): number {
    const id = this.operations.length + 1;
    this.operations.push({
      ...{ id, kind, contact_id, other_id, at: this.now(), user_id: this.actor()?.id ?? null, system: null },
      ...{ reason: null, rule: "person", model_version: null, score: null, other_name: null },
      ...{ undoes: null, undone_by: null, erased_at: null },
      ...more,
    });
    return id;
  }
}

const refusal = (code: string, message: string) => new ApiError(409, code, message);

/** The part of the provider that is about the log of merges. */
export function identityProvider(
  log: IdentityLog,
  answer: <T>(make: () => T) => Promise<T>,
  onUndone: (operation: number) => void,
): Identities {
  return {
    identityOperations: (id) => answer(() => (log.find(id), log.of(id))),
    survivorship: () => answer(() => log.rules),
    updateSurvivorship: (change) => answer(() => (log.rules = changedRules(log.rules, change))),
    previewMerge: (stays, goes, change) => answer(() => log.tellMerge(stays, goes, change)),
    mergeContacts: (stays, goes, reason) =>
      answer(() => {
        const operation = log.merge(stays, goes, { reason });
        return { operation, contact: log.find(stays) };
      }),
    splitContact: (id, ids, name, reason) => answer(() => log.split(id, ids, name, { reason })),
    undoIdentityOperation: (id, request) =>
      answer(() => {
        const undone = log.undo(id, request);
        onUndone(id);
        return undone;
      }),
  };
}
