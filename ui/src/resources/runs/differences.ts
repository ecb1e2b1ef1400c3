import type { RunDetail } from "@/api/types";

/** One property of several runs, in the order of the runs; null where a run has none. */
export interface Difference<T> {
  name: string;
  values: (T | null)[];
  /** Whether the runs do not all agree. */
  isDifferent: boolean;
}

export type ParamValue = NonNullable<RunDetail["params"][string]>;

/** Lists are the same when their items are. */
const asText = (value: unknown) => JSON.stringify(value ?? null);

function difference<T>(name: string, values: (T | null)[]): Difference<T> {
  return { name, values, isDifferent: new Set(values.map(asText)).size > 1 };
}

/** The names that any run has, by the alphabet. */
const namesOf = (all: string[][]): string[] => [...new Set(all.flat())].sort((a, b) => a.localeCompare(b));

export function paramsBeside(runs: RunDetail[]): Difference<ParamValue>[] {
  const names = namesOf(runs.map(({ params }) => Object.keys(params)));
  return names.map((name) =>
    difference(
      name,
      runs.map(({ params }) => params[name] ?? null),
    ),
  );
}

export interface MetricDifference extends Difference<number> {
  /** Positions of the best runs; empty where nobody said whether more is better. */
  best: number[];
}

/** The last value of each metric. Only the headline says in which direction it is good. */
export function metricsBeside(runs: RunDetail[]): MetricDifference[] {
  const names = namesOf(runs.map(({ metrics }) => metrics.map(({ name }) => name)));
  return names.map((name) => {
    const values = runs.map(({ metrics }) => metrics.find((metric) => metric.name === name)?.value ?? null);
    return { ...difference(name, values), best: bestOf(values, directionOf(runs, name)) };
  });
}

function directionOf(runs: RunDetail[], metric: string): boolean | null {
  const known = runs.flatMap(({ headline }) => (headline?.metric === metric ? [headline] : []));
  return known[0]?.higher_is_better ?? null;
}

function bestOf(values: (number | null)[], isHigherBetter: boolean | null): number[] {
  const known = values.filter((value) => value !== null);
  if (isHigherBetter === null || known.length < 2) return [];
  const best = isHigherBetter ? Math.max(...known) : Math.min(...known);
  const positions = values.flatMap((value, i) => (value === best ? [i] : []));
  // Where all are as good as each other, none is the best.
  return positions.length === values.length ? [] : positions;
}
