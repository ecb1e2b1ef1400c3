import type { MatchAcceptanceSummary } from "@/api/types";
import { isRunning } from "@/layout/JobsNote";

/** Where a merge of many pairs stands. */
export type Phase = "merging" | "failed" | "cancelled" | "merged" | "undoing" | "undone" | "undo_broke_off";

type Counts = Pick<
  MatchAcceptanceSummary,
  | "status"
  | "undo"
  | "n_pairs"
  | "n_merged"
  | "n_one"
  | "n_refused"
  | "n_changed"
  | "n_undone"
  | "n_not_undone"
>;

/** The way back counts where there is one: it is the later of the two. */
export function phaseOf({ status, undo }: Pick<Counts, "status" | "undo">): Phase {
  if (undo) {
    if (isRunning(undo)) return "undoing";
    return undo.status === "failed" || undo.status === "cancelled" ? "undo_broke_off" : "undone";
  }
  if (isRunning({ status })) return "merging";
  return status === "failed" || status === "cancelled" ? status : "merged";
}

/** Whether it changes by itself. */
export function isGoing(acceptance: Pick<Counts, "status" | "undo">): boolean {
  const phase = phaseOf(acceptance);
  return phase === "merging" || phase === "undoing";
}

/** Whether something is left to take back. */
export const mayTakeBack = (acceptance: Counts): boolean => acceptance.n_merged > 0 && !isGoing(acceptance);

/** How far the merging or the way back is: so many of so many. */
export function progressOf(acceptance: Counts): { done: number; total: number } {
  const { n_pairs, n_merged, n_one, n_refused, n_changed, n_undone, n_not_undone } = acceptance;
  if (acceptance.undo) {
    const total = n_merged + n_undone;
    return { done: Math.min(total, n_undone + n_not_undone), total };
  }
  return { done: Math.min(n_pairs, n_merged + n_one + n_refused + n_changed), total: n_pairs };
}
