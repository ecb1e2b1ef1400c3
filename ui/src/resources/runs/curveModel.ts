import type { RunCurves, RunSummary, Series } from "@/api/types";

export type Point = [step: number, value: number | null];

/** A curve that is drawn: its name, its look (a color and a dash) and its points. */
export interface Curve {
  name: string;
  look: number;
  steps: number[];
  values: (number | null)[];
  nPoints: number;
}

/** Only what changes over steps is a curve. */
export const isCurve = ({ n_points }: Pick<Series, "n_points">) => n_points > 1;

/** Metrics that tell the same of other rows: `loss`, `val_loss`. They share a chart. */
export function stemOf(metric: string): string {
  return metric.replace(/^(train|val|valid|validation|test)_/, "");
}

/**
 * The metrics that are curves in any of the runs: those of most runs first, and among them those that
 * have one beside them for other rows, for that pair is what a learning curve is about.
 */
export function curveNames(runs: Pick<RunSummary, "metrics">[]): string[] {
  const counts = new Map<string, number>();
  for (const { metrics } of runs)
    for (const { name } of metrics.filter(isCurve)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts.keys()];
  const nAlike = (name: string) => names.filter((other) => stemOf(other) === stemOf(name)).length;
  return names.sort((a, b) => counts.get(b)! - counts.get(a)! || nAlike(b) - nAlike(a));
}

/** A run's curves, those of one stem together, in the order in which they came. */
export function byStem(series: Series[]): { stem: string; curves: Curve[] }[] {
  const groups = new Map<string, Curve[]>();
  for (const { metric, n_points, steps, values } of series.filter(isCurve)) {
    const curves = groups.get(stemOf(metric)) ?? [];
    curves.push({ name: metric, look: curves.length, steps, values, nPoints: n_points });
    groups.set(stemOf(metric), curves);
  }
  return [...groups].map(([stem, curves]) => ({ stem, curves }));
}

/** One metric of several runs; a run keeps its look in every chart. */
export function ofMetric(runs: RunCurves[], metric: string): Curve[] {
  return runs.flatMap(({ name, series }, look) =>
    series
      .filter((one) => one.metric === metric && isCurve(one))
      .map(({ steps, values, n_points }) => ({ name, look, steps, values, nPoints: n_points })),
  );
}

/**
 * A running mean in which what came before keeps the given weight, without the pull to nothing at the
 * beginning (Kingma & Ba 2015, section 3). Gaps stay gaps, and the mean goes on behind them.
 */
export function smoothed(values: (number | null)[], weight: number): (number | null)[] {
  let mean = 0;
  let n = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    n += 1;
    return mean / (1 - weight ** n);
  });
}

/** The points of a curve. A logarithm takes positive values only; others are gaps there. */
export function pointsOf({ steps, values }: Pick<Curve, "steps" | "values">, isLog: boolean): Point[] {
  return steps.map((step, i) => {
    const value = values[i] ?? null;
    return [step, value !== null && (!isLog || value > 0) ? value : null];
  });
}

/** Points between two gaps, which no line reaches. */
export function lonePoints(points: Point[]): Point[] {
  return points.filter(
    ([, value], i) =>
      value !== null && (points[i - 1]?.[1] ?? null) === null && (points[i + 1]?.[1] ?? null) === null,
  );
}

/** How many values a logarithmic axis leaves out. */
export function nNotPositive(curves: Curve[]): number {
  return curves.flatMap(({ values }) => values).filter((value) => value !== null && value <= 0).length;
}

/** Beyond this many times the lowest value, steps of ten tell enough; below it they would tell nothing. */
const WIDE = 1000;

/** The base of a logarithmic axis on which the curves have several steps. */
export function logBaseOf(curves: Pick<Curve, "values">[]): number {
  const known = curves.flatMap(({ values }) => values).filter((value) => value !== null && value > 0);
  const [low, high] = known.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value!), Math.max(high, value!)],
    [Infinity, 0],
  );
  return high / low > WIDE ? 10 : 2;
}

/** A curve in figures: first, lowest, highest and last value. */
export function summaryOf({ values }: Pick<Curve, "values">) {
  const known = values.filter((value) => value !== null);
  const [first = null, last = null] = [known[0], known.at(-1)];
  if (known.length === 0) return { first, last, lowest: null, highest: null };
  return { first, last, lowest: Math.min(...known), highest: Math.max(...known) };
}
