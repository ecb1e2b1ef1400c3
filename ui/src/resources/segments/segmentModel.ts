import type { Segment, SegmentationMap } from "@/api/types";

/** One chart series: the points of a segment and where in the map's columns they stand. */
export interface MapSeries {
  idx: number;
  points: [number, number][];
  /** Position in the map's columns of each point. */
  rows: number[];
}

/** The map's columns, parted by segment, so that each can be drawn in one large stroke. */
export function toSeries(map: SegmentationMap): MapSeries[] {
  const series = new Map<number, MapSeries>();
  for (const [row, idx] of map.segment.entries()) {
    const one = series.get(idx) ?? { idx, points: [], rows: [] };
    one.points.push([map.x[row] ?? 0, map.y[row] ?? 0]);
    one.rows.push(row);
    series.set(idx, one);
  }
  return [...series.values()].sort((a, b) => a.idx - b.idx);
}

/** The ends of an axis: all but the outermost half percent, so that one odd customer does not shrink the rest. */
export function extent(values: number[], trim = 0.005): [number, number] {
  if (values.length === 0) return [0, 1];
  const sorted = [...values].sort((a, b) => a - b);
  const cut = Math.floor(sorted.length * trim);
  const low = sorted[cut] ?? 0;
  const high = sorted[sorted.length - 1 - cut] ?? 1;
  const margin = (high - low || 1) * 0.06;
  return [low - margin, high + margin];
}

/** A trait's bar: from -1 (far below the others) to 1 (far above), cut at two and a half deviations. */
export function barOf(z: number): number {
  return Math.max(-1, Math.min(1, z / 2.5));
}

export const bySize = (segments: Segment[]): Segment[] => [...segments].sort((a, b) => b.size - a.size);
