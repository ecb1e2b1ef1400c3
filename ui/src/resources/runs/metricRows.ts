import type { RunDetail, RunEvaluation } from "@/api/types";

/** A figure of a run and what the plain method reaches. */
export interface MetricRow {
  name: string;
  value: number | null;
  baseline: number | null;
  /** The run's minus the baseline's. */
  difference: number | null;
}

/** The evaluation's figures, the headline first, then single figures of the run; of a run that was not
 *  evaluated, the last point of each curve as well. */
export function metricRows(
  run: Pick<RunDetail, "metrics" | "headline">,
  evaluation: RunEvaluation | null,
): MetricRow[] {
  const { headline, metrics } = run;
  const values = new Map<string, number | null>(Object.entries(evaluation?.metrics ?? {}));
  for (const { name, value, n_points } of metrics) {
    const isCurve = n_points > 1;
    if (!values.has(name) && !(isCurve && evaluation)) values.set(name, value);
  }
  const rows = [...values].map(([name, value]) => {
    const ofHeadline = headline?.metric === name ? headline.baseline : null;
    const baseline = evaluation?.baseline?.metrics[name] ?? ofHeadline;
    return {
      name,
      value,
      baseline,
      difference: value === null || baseline === null ? null : value - baseline,
    };
  });
  const rank = ({ name, baseline }: MetricRow) => (name === headline?.metric ? 0 : baseline === null ? 2 : 1);
  return rows.sort((a, b) => rank(a) - rank(b));
}
