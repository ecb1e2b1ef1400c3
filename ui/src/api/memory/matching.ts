import type { Condition, DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import { acceptancesProvider, type KeptAcceptance } from "./acceptances";
import { addDuplicates, MODEL_VERSION, THRESHOLD, type KeptPair } from "./duplicates";
import { identitiesOf, type IdentityLog } from "./identities";
import type { RunJob } from "./jobs";
import { listRows, pageOf } from "./lists";

type Matching = Pick<
  DataProvider,
  | "matchPairs"
  | "matchPair"
  | "decideMatchPair"
  | "acceptMatchPairs"
  | "matchAcceptance"
  | "matchAcceptances"
  | "cancelMatchAcceptance"
  | "undoMatchAcceptance"
  | "startMatchRun"
  | "matchRuns"
  | "matchingSettings"
  | "updateMatchingSettings"
>;

const RUN_STEPS = 6;

/** The duplicates of a make-believe company, and who they turn out to be. */
export class MatchQueue {
  readonly #pairs: KeptPair[];
  runs: Wire.MatchRun[] = [];
  settings: Wire.MatchingSettings = { is_automatic: false, threshold: THRESHOLD, distinct_sources: [] };
  readonly acceptances = new Map<string, KeptAcceptance>();

  constructor(
    readonly log: IdentityLog,
    n: number,
    isMatched: boolean,
  ) {
    this.#pairs = addDuplicates(log.data, log.random, n, log.now());
    if (isMatched && n > 0) this.finish(this.begin(log.random.id()));
  }

  /** All pairs that a search has found so far, as they are now. */
  list(): Wire.MatchPair[] {
    if (!this.runs.some(({ finished_at }) => finished_at !== null)) return [];
    return this.#pairs.map((pair) => this.show(pair)).filter(({ status }) => status !== "gone");
  }

  find(id: string): KeptPair {
    const found = this.#pairs.find((pair) => pair.id === id);
    if (!found) throw new ApiError(404, "not_found", "no such pair");
    return found;
  }

  show({ leftId, rightId, ...pair }: KeptPair): Wire.MatchPair {
    const [left, right] = [this.#side(leftId), this.#side(rightId)];
    const isGone = pair.status === "open" && (left.name === "" || right.name === "");
    return { ...pair, left, right, ...(isGone ? { status: "gone" as const } : {}) };
  }

  #side(contact_id: string): Wire.MatchSide {
    const contact = this.log.data.contacts.find(({ id }) => id === contact_id);
    if (!contact)
      return { contact_id, name: "", n_identities: 0, n_orders: 0, created_at: null, sources: [] };
    const identities = identitiesOf(this.log.data, contact);
    const sources = new Map(identities.map(({ source }) => [source.id, source]));
    return {
      ...{ contact_id, name: contact.name, created_at: contact.created_at, n_orders: contact.n_orders },
      ...{ n_identities: identities.length, sources: [...sources.values()] },
    };
  }

  decide(id: string, { verdict, keep, reason }: Wire.MatchDecisionInput): number {
    const pair = this.find(id);
    if (this.show(pair).status !== "open")
      throw new ApiError(409, "pair_decided", "somebody has decided already");
    const stays = keep ?? pair.leftId;
    const goes = stays === pair.leftId ? pair.rightId : pair.leftId;
    const grounds = { reason, score: pair.probability, model_version: pair.model_version };
    const operation =
      verdict === "same" ? this.log.merge(stays, goes, grounds) : this.log.reject(stays, goes, grounds);
    const by = this.log.actor()?.id ?? null;
    Object.assign(pair, { status: verdict, operation, decided_by: by, decided_at: this.log.now(), reason });
    return operation;
  }

  /** What was taken back is to be decided again. */
  reopen(operation: number) {
    const pair = this.#pairs.find((one) => one.operation === operation);
    if (pair)
      Object.assign(pair, {
        ...{ status: "open", operation: null, decided_by: null, decided_at: null, reason: null },
      });
  }

  /** The pair that an operation decided. */
  pairOf(operation: number): string {
    return this.#pairs.find((one) => one.operation === operation)?.id ?? "";
  }

  begin(job_id: string): Wire.MatchRun {
    const run: Wire.MatchRun = {
      ...{ id: this.log.random.id(), job_id, started_at: this.log.now(), finished_at: null },
      ...{ n_records: this.log.data.contacts.length, n_candidates: 0 },
      ...{ n_pairs: 0, n_certain: 0, n_merged: 0, threshold: this.settings.threshold },
      ...{ model_version: MODEL_VERSION, is_automatic: this.settings.is_automatic },
    };
    this.runs = [run, ...this.runs];
    return run;
  }

  finish(run: Wire.MatchRun) {
    Object.assign(run, {
      ...{ finished_at: this.log.now(), n_candidates: run.n_records * 4 },
      ...{ n_pairs: this.#pairs.length, n_certain: this.#pairs.filter((pair) => pair.is_certain).length },
    });
  }
}

/** The part of the provider that is about duplicates. */
export function matchingProvider(
  queue: MatchQueue,
  answer: <T>(make: () => T) => Promise<T>,
  runJob: RunJob,
): Matching {
  return {
    matchPairs: ({ filter = [], sort = "-value" }, page) =>
      answer(() => {
        const all = queue.list();
        const open = all.filter(({ status }) => status === "open");
        const kept = all.filter(isOf(filter));
        const rest = filter.filter(({ field }) => field !== "contact_id" && field !== "is_grouped");
        return {
          ...listRows(kept, { filter: rest, sort }, page),
          nOpen: open.length,
          nCertain: open.filter((pair) => pair.is_certain).length,
        };
      }),
    matchPair: (id) => answer(() => queue.show(queue.find(id))),
    decideMatchPair: (id, decision) =>
      answer(() => {
        const operation = queue.decide(id, decision);
        return { match_pair: queue.show(queue.find(id)), operation };
      }),
    ...acceptancesProvider(queue, answer, runJob),
    startMatchRun: () =>
      answer(() => {
        const job = runJob("matching", RUN_STEPS, (done) => {
          if (done === RUN_STEPS) queue.finish(run);
        });
        const run = queue.begin(job.id);
        return job;
      }),
    matchRuns: (page) =>
      answer(() =>
        pageOf(
          queue.runs.map((run) => ({ ...run })),
          page,
        ),
      ),
    matchingSettings: () => answer(() => queue.settings),
    updateMatchingSettings: (change) => answer(() => (queue.settings = { ...queue.settings, ...change })),
  };
}

/** Whether one of the two is the contact that a condition names. */
const isOf =
  (conditions: Condition[]) =>
  ({ left, right }: Wire.MatchPair) =>
    conditions.every(
      ({ field, value }) => field !== "contact_id" || [left.contact_id, right.contact_id].includes(value),
    );
