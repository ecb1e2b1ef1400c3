/** What the points of a curve stand over. */
export type Axis = "step" | "segments";

const BY_SEGMENTS = /^(\w+) (\w+) by segments$/;

/** The parts of a name such as "kmeans silhouette by segments"; null where it names a figure alone. */
export function bySegmentsOf(metric: string): { method: string; figure: string } | null {
  const [, method, figure] = BY_SEGMENTS.exec(metric) ?? [];
  return method !== undefined && figure !== undefined ? { method, figure } : null;
}

export const axisOf = (metric: string): Axis => (bySegmentsOf(metric) === null ? "step" : "segments");
