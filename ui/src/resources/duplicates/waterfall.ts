import type { MatchPair } from "@/api/types";

/** What one piece of evidence adds, and where the sum stands before and after it, in bits. */
export interface Step {
  /** A field, or `prior` for what is thought before any field is looked at. */
  key: string;
  weight: number;
  from: number;
  to: number;
}

export interface Waterfall {
  steps: Step[];
  /** The log of the odds to base 2; null where the reader does not see all that speaks for it. */
  sum: number | null;
  /** The ends of the scale; zero, where it is as likely as not, is always between them. */
  low: number;
  high: number;
}

/**
 * The evidence of a pair, one after the other: from what is thought before to the sum. Where the reader does not
 * see all of it nothing sums up, so that each piece stands for itself, beginning at zero.
 */
export function waterfallOf({ prior_weight, fields }: Pick<MatchPair, "prior_weight" | "fields">): Waterfall {
  let sum = 0;
  const step = (key: string, weight: number): Step => {
    const from = prior_weight === null ? 0 : sum;
    sum = from + weight;
    return { key, weight, from, to: sum };
  };
  const steps = [
    ...(prior_weight === null ? [] : [step("prior", prior_weight)]),
    ...fields
      .filter(({ agreement }) => agreement !== "missing")
      .map(({ field, weight }) => step(field, weight)),
  ];
  const ends = steps.flatMap(({ from, to }) => [from, to]);
  return {
    steps,
    sum: prior_weight === null ? null : sum,
    low: Math.min(0, ...ends),
    high: Math.max(0, ...ends),
  };
}

/** Where a bar begins on the scale and how long it is, as shares of it. */
export function barOf({ low, high }: Waterfall, one: number, other: number): { left: number; width: number } {
  const span = high - low || 1;
  return { left: (Math.min(one, other) - low) / span, width: Math.abs(one - other) / span };
}

export type Likelihood = "nearly_sure" | "very_likely" | "likely" | "open" | "unlikely" | "very_unlikely";

/** From which probability on something is called so. */
const LIKELIHOODS: [number, Likelihood][] = [
  [0.999, "nearly_sure"],
  [0.95, "very_likely"],
  [0.7, "likely"],
  [0.3, "open"],
  [0.05, "unlikely"],
];

/** A probability as people say it. */
export const likelihoodOf = (probability: number): Likelihood =>
  LIKELIHOODS.find(([least]) => probability >= least)?.[1] ?? "very_unlikely";

/** Digits after the point, so that what is nearly sure is not called sure. */
export function digitsOf(probability: number): number {
  const rest = Math.min(probability, 1 - probability);
  if (rest >= 0.01) return 0;
  return rest >= 0.001 ? 1 : 2;
}

/** Where the bands begin in which likelihoods are told to readers who do not see all that is compared. */
export const BAND_EDGES = [0.5, 0.9] as const;

/** The band of such a likelihood, with the edge that tells of it. */
export function bandOf(probability: number): ["low" | "middle" | "high", number] {
  const [low, high] = BAND_EDGES;
  if (probability < low) return ["low", low];
  return probability < high ? ["middle", low] : ["high", high];
}
