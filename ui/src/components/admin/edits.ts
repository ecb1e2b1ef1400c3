import type { QueryClient } from "@tanstack/react-query";

import type { EditResource, ListRecords, Patches } from "@/api/dataProvider";
import { changeCached, isAbout, newestCached } from "./caches";
import { mergePatch } from "./patch";

/** A record with changes on their way to the server. */
interface Pending {
  /** As the server last told it; what a refused change falls back to. */
  committed: object;
  /** Changes without an answer, in the order in which they were made. */
  patches: object[];
  /** Changes of one record go out one after the other. */
  turn: Promise<unknown>;
  /** Queries that were under way when a change was made: what they bring may be older than it. */
  interrupted: Set<string>;
  hasFailed: boolean;
}

/** What a change did: the record before it and after it, both as the server told them. */
interface Committed<R extends EditResource> {
  before: ListRecords[R];
  saved: ListRecords[R];
}

const all = new WeakMap<QueryClient, Edits>();

/** The edits of a query client; all screens share them. */
export function editsOf(client: QueryClient): Edits {
  const known = all.get(client) ?? new Edits(client);
  all.set(client, known);
  return known;
}

/** Forgets what could be taken back: it was somebody else's. */
export function forgetEdits(client: QueryClient) {
  all.get(client)?.forget();
  all.delete(client);
}

/**
 * Changes in place, shown at once. What is on the screen is always the last committed record with the
 * unanswered changes laid over it: a refused change goes without a trace of values never saved.
 */
class Edits {
  readonly #client: QueryClient;
  readonly #pending = new Map<string, Pending>();
  /** By record and version: the version that a change of ours made of it. */
  readonly #ours = new Map<string, number>();
  readonly #undoable: (() => void)[] = [];
  #isForgotten = false;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  /**
   * Changes the record as it was `seen` when the editing began. Versions that we made of it since are
   * followed; one that somebody else made is not, so the server refuses to overwrite it.
   */
  async apply<R extends EditResource>(
    resource: R,
    seen: ListRecords[R],
    change: Patches[R],
    send: (version: number) => Promise<ListRecords[R]>,
  ): Promise<Committed<R>> {
    const { id } = seen;
    const key = `${resource}/${id}`;
    const pending = this.#begin(resource, seen);
    pending.patches.push(change);
    const turn = pending.turn.then(async () => {
      const before = pending.committed as ListRecords[R];
      const version = this.#latestOurs(key, seen.version);
      const saved = await send(version);
      this.#ours.set(`${key}@${version}`, saved.version);
      pending.committed = saved;
      return { before, saved };
    });
    pending.turn = turn.catch(() => undefined);
    await this.#interrupt(resource, id, pending);
    this.#show(resource, id, pending);
    try {
      return await turn;
    } catch (error) {
      pending.hasFailed = true;
      throw error;
    } finally {
      pending.patches.splice(pending.patches.indexOf(change), 1);
      this.#show(resource, id, pending);
      if (pending.patches.length === 0) void this.#settle(resource, id, pending);
    }
  }

  /** Remembers how to take something back; answers how to do it once, at once. */
  remember(undo: () => void): () => void {
    const once = () => {
      const at = this.#undoable.indexOf(once);
      if (at < 0 || this.#isForgotten) return;
      this.#undoable.splice(at, 1);
      undo();
    };
    this.#undoable.push(once);
    return once;
  }

  undoLast() {
    this.#undoable.at(-1)?.();
  }

  /** Notices that still stand on the screen, or come late, do not take anything back either. */
  forget() {
    this.#isForgotten = true;
  }

  #begin<R extends EditResource>(resource: R, seen: ListRecords[R]): Pending {
    const key = `${resource}/${seen.id}`;
    const known = this.#pending.get(key) ?? {
      committed: newestCached(this.#client, resource, seen.id) ?? seen,
      patches: [],
      turn: Promise.resolve(),
      interrupted: new Set(),
      hasFailed: false,
    };
    this.#pending.set(key, known);
    return known;
  }

  #latestOurs(key: string, seen: number): number {
    let version = seen;
    for (let next = this.#ours.get(`${key}@${version}`); next !== undefined;) {
      version = next;
      next = this.#ours.get(`${key}@${version}`);
    }
    return version;
  }

  /** Stops what would bring the record as it was; a query without data goes on, else its screen stays empty. */
  async #interrupt(resource: EditResource, id: string, pending: Pending) {
    const busy = this.#busy(resource, id);
    busy.forEach(({ queryHash }) => pending.interrupted.add(queryHash));
    const stopped = new Set(
      busy.filter(({ state }) => state.data !== undefined).map(({ queryHash }) => queryHash),
    );
    await this.#client.cancelQueries({ predicate: ({ queryHash }) => stopped.has(queryHash) });
  }

  /** The queries under way that may bring the record. */
  #busy(resource: EditResource, id: string) {
    return this.#client
      .getQueryCache()
      .findAll({ fetchStatus: "fetching", predicate: ({ queryKey }) => isAbout(queryKey, resource, id) });
  }

  #show<R extends EditResource>(resource: R, id: string, { committed, patches }: Pending) {
    const shown = patches.reduce<object>((record, patch) => mergePatch(record, patch), committed);
    changeCached(this.#client, resource, id, () => shown as ListRecords[R]);
  }

  async #settle(resource: EditResource, id: string, { interrupted, hasFailed }: Pending) {
    this.#pending.delete(`${resource}/${id}`);
    // What is under way may have been read before the commit, and would come after it.
    const late = new Set(this.#busy(resource, id).map(({ queryHash }) => queryHash));
    late.forEach((queryHash) => interrupted.add(queryHash));
    await this.#client.cancelQueries({ predicate: ({ queryHash }) => late.has(queryHash) });
    await this.#client.invalidateQueries({
      predicate: ({ queryKey, queryHash }) =>
        interrupted.has(queryHash) || (hasFailed && isAbout(queryKey, resource, id)),
    });
  }
}
