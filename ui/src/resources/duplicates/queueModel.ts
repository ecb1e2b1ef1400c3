import type { MatchPair, MatchSide } from "@/api/types";

export type MatchOrder = "value" | "certainty";

export const SORT_OF: Record<MatchOrder, string> = { value: "-value", certainty: "-probability" };

/** The order that an address asks for. */
export const parseDuplicatesSearch = (
  raw: Record<string, unknown>,
): { order?: MatchOrder; pair?: string } => ({
  ...(raw.order === "certainty" ? { order: "certainty" } : {}),
  ...(typeof raw.pair === "string" ? { pair: raw.pair } : {}),
});

export type Side = "left" | "right";

export const otherSide = (side: Side): Side => (side === "left" ? "right" : "left");

/** Which of the two stays where nobody chooses: the one with more sources, then the older. */
export function stayingSide({ left, right }: Pick<MatchPair, Side>): Side {
  if (left.n_identities !== right.n_identities)
    return left.n_identities > right.n_identities ? "left" : "right";
  return (left.created_at ?? "") <= (right.created_at ?? "") ? "left" : "right";
}

/** Whether both are there to be compared. */
export const isWhole = ({ left, right }: Pick<MatchPair, Side>) => left.name !== "" && right.name !== "";

/**
 * The queue as it is worked through: without those that are settled here, without those of whom one went with
 * a merge made here, and with the skipped ones at the end, the latest last.
 */
export function queueOf(
  pairs: MatchPair[],
  settled: ReadonlySet<string>,
  gone: ReadonlySet<string>,
  skipped: string[],
): MatchPair[] {
  const isThere = ({ contact_id }: MatchSide) => !gone.has(contact_id);
  const open = pairs.filter(({ id, left, right }) => !settled.has(id) && isThere(left) && isThere(right));
  const late = (pair: MatchPair) => skipped.indexOf(pair.id);
  return open.toSorted((one, other) => late(one) - late(other));
}

/** Who comes after a pair that leaves the queue; the one before it where it was the last. */
export function nextOf(queue: MatchPair[], id: string): string | null {
  const idx = queue.findIndex((pair) => pair.id === id);
  return (queue[idx + 1] ?? queue[idx - 1])?.id ?? null;
}

/** The pair some steps away, within the queue. */
export function stepFrom(queue: MatchPair[], id: string | null, step: number): string | null {
  const idx = queue.findIndex((pair) => pair.id === id);
  if (idx < 0) return queue[0]?.id ?? null;
  return queue[Math.min(queue.length - 1, Math.max(0, idx + step))]?.id ?? null;
}
