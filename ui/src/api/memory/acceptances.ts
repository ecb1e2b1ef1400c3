import type { DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import type { RunJob } from "./jobs";
import type { MatchQueue } from "./matching";

type Acceptances = Pick<
  DataProvider,
  | "acceptMatchPairs"
  | "matchAcceptance"
  | "matchAcceptances"
  | "cancelMatchAcceptance"
  | "undoMatchAcceptance"
>;

/** An acceptance with the merges that it made and that still stand. */
export interface KeptAcceptance extends Wire.MatchAcceptance {
  operations: number[];
  isStopped: boolean;
}

/** The part of the provider that merges many pairs at once and takes that back. */
export function acceptancesProvider(
  queue: MatchQueue,
  answer: <T>(make: () => T) => Promise<T>,
  runJob: RunJob,
): Acceptances {
  const kept = (id: string) => {
    const found = queue.acceptances.get(id);
    if (!found) throw new ApiError(404, "not_found", "no such acceptance");
    return found;
  };

  function mergeNext(acceptance: KeptAcceptance, pair: Wire.MatchPair | undefined, isLast: boolean) {
    if (acceptance.isStopped) return (acceptance.status = "cancelled");
    if (pair) mergePair(acceptance, pair);
    if (isLast) acceptance.status = "done";
    return undefined;
  }

  function mergePair(acceptance: KeptAcceptance, { id }: Wire.MatchPair) {
    try {
      acceptance.operations.push(queue.decide(id, { verdict: "same", keep: null, reason: "accepted" }));
      acceptance.n_merged += 1;
    } catch (error) {
      acceptance.refused.push(refusalOf(id, error));
      acceptance.n_refused += 1;
    }
  }

  function undoNext(acceptance: KeptAcceptance, operation: number | undefined) {
    if (operation === undefined) return;
    try {
      queue.log.undo(operation, { reason: null, in_part: false, keep_apart: false });
    } catch (error) {
      acceptance.not_undone.push(refusalOf(queue.pairOf(operation), error));
      acceptance.n_not_undone += 1;
      return;
    }
    queue.reopen(operation);
    acceptance.operations = acceptance.operations.filter((one) => one !== operation);
    acceptance.n_undone += 1;
    acceptance.n_merged -= 1;
  }

  return {
    acceptMatchPairs: (least) =>
      answer(() => {
        const chosen = queue.list().filter((pair) => pair.status === "open" && pair.probability >= least);
        const nSteps = Math.max(1, chosen.length);
        const job = runJob("match_acceptance", nSteps, (done) =>
          mergeNext(kept(job.id), chosen[done - 1], done === nSteps),
        );
        queue.acceptances.set(job.id, {
          ...{ job_id: job.id, status: "running", min_probability: least, n_pairs: chosen.length },
          ...{ n_merged: 0, n_one: 0, n_refused: 0, n_changed: 0, n_undone: 0, n_not_undone: 0 },
          ...{ created_at: queue.log.now(), created_by: queue.log.actor()?.id ?? null, undo: null },
          ...{ refused: [], not_undone: [], operations: [], isStopped: false },
        });
        return { job, n_pairs: chosen.length };
      }),
    matchAcceptance: (id) => answer(() => ({ ...kept(id) })),
    matchAcceptances: () =>
      answer(() => [...queue.acceptances.values()].map((one) => ({ ...one })).toReversed()),
    cancelMatchAcceptance: (id) => answer(() => ({ ...Object.assign(kept(id), { isStopped: true }) })),
    undoMatchAcceptance: (id) =>
      answer(() => {
        const acceptance = kept(id);
        const operations = acceptance.operations.toReversed();
        const nSteps = Math.max(1, operations.length);
        Object.assign(acceptance, { n_not_undone: 0, not_undone: [] });
        const job = runJob("undo_match_acceptance", nSteps, (done) => {
          undoNext(acceptance, operations[done - 1]);
          if (done === nSteps) acceptance.undo = { job_id: job.id, status: "done" };
        });
        acceptance.undo = { job_id: job.id, status: "running" };
        return job;
      }),
  };
}

function refusalOf(match_pair_id: string, error: unknown) {
  if (!(error instanceof ApiError)) throw error;
  return { match_pair_id, code: error.code, message: error.message };
}
