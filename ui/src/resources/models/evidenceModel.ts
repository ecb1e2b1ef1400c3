import type { Evidence } from "@/api/types";

export type Verdict = "better" | "worse" | "same" | "unknown";

/** One side of the comparison that a promotion rests on. */
export interface Side {
  who: "candidate" | "champion" | "baseline";
  value: number | null;
  /** How the candidate stands against this side; null for itself. */
  verdict: Verdict | null;
}

/** What the candidate, the champion and the naive method reached on the same rows. */
export function sidesOf(evidence: Evidence): Side[] {
  const { value, champion, baseline, higher_is_better } = evidence;
  const against = (other: number | null) => verdictOf(value, other, higher_is_better);
  return [
    { who: "candidate", value, verdict: null },
    ...(champion
      ? [{ who: "champion" as const, value: champion.value, verdict: against(champion.value) }]
      : []),
    { who: "baseline", value: baseline.value, verdict: against(baseline.value) },
  ];
}

export function verdictOf(value: number | null, other: number | null, isHigherBetter: boolean): Verdict {
  if (value === null || other === null) return "unknown";
  if (value === other) return "same";
  return value > other === isHigherBetter ? "better" : "worse";
}

/** Where bars begin and end, as shares of the width: all on one scale that holds zero. */
export function barsOf(values: (number | null)[]): { from: number; to: number }[] {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const span = high - low || 1;
  const zero = (0 - low) / span;
  return values.map((value) => {
    const at = value === null ? zero : (value - low) / span;
    return { from: Math.min(zero, at), to: Math.max(zero, at) };
  });
}
