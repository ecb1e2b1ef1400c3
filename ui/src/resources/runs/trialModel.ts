import type { Params, Trial } from "@/api/types";

type Known = Pick<Trial, "number" | "value">;

/** The best value up to each finished trial, in the order of their numbers. */
export function bestSoFar(trials: Known[], isHigherBetter: boolean): [number: number, best: number][] {
  let best: number | null = null;
  const steps: [number, number][] = [];
  for (const { number, value } of [...trials].sort((a, b) => a.number - b.number)) {
    if (value === null) continue;
    best = best === null ? value : isHigherBetter ? Math.max(best, value) : Math.min(best, value);
    steps.push([number, best]);
  }
  return steps;
}

/** The trial with the best value; null where none finished. */
export function bestTrial<T extends Known>(trials: T[], isHigherBetter: boolean): T | null {
  const sign = isHigherBetter ? 1 : -1;
  return trials.reduce<T | null>((best, trial) => {
    if (trial.value === null) return best;
    return best?.value == null || sign * trial.value > sign * best.value ? trial : best;
  }, null);
}

/** The names of the parameters that were searched, in the order in which trials name them. */
export const paramNames = (trials: Pick<Trial, "params">[]): string[] => [
  ...new Set(trials.flatMap(({ params }) => Object.keys(params))),
];

/** A parameter's axis: numbers on a line, straight or logarithmic, everything else by name. */
export type ParamAxis =
  { name: string; kind: "value" | "log" } | { name: string; kind: "category"; categories: string[] };

/** Where the largest value is this many times the smallest, a straight line would crowd the small ones. */
const WIDE = 50;

export function axisOf(name: string, trials: Pick<Trial, "params">[]): ParamAxis {
  const values = trials.map(({ params }) => params[name] ?? null).filter((value) => value !== null);
  const numbers = values.filter((value) => typeof value === "number");
  if (values.length > 0 && numbers.length === values.length) {
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    return { name, kind: low > 0 && high / low >= WIDE ? "log" : "value" };
  }
  return { name, kind: "category", categories: [...new Set(values.map(wordOf))].sort() };
}

/** A parameter's value on its axis; null where the trial has none. */
export function placeOn(axis: ParamAxis, params: Params): number | string | null {
  const value = params[axis.name] ?? null;
  if (value === null) return null;
  return axis.kind === "category" ? wordOf(value) : (value as number);
}

const wordOf = (value: NonNullable<Params[string]>): string =>
  Array.isArray(value) ? value.join(", ") : String(value);
