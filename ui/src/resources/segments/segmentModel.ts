import type { Segment, SegmentationMap } from "@/api/types";

/** One chart series: the points of a segment and where in the map's columns they stand. */
export interface MapSeries {
  idx: number;
  points: [number, number][];
  /** Position in the map's columns of each point. */
  rows: number[];
}

export type Extent = [low: number, high: number];

/**
 * The map's columns, parted by segment, so that each can be drawn in one large stroke. A customer far
 * outside stands at the edge, for nobody may be missing from the map.
 */
export function toSeries(map: SegmentationMap, x: Extent, y: Extent): MapSeries[] {
  const series = new Map<number, MapSeries>();
  for (const [row, idx] of map.segment.entries()) {
    const one = series.get(idx) ?? { idx, points: [], rows: [] };
    one.points.push([within(map.x[row] ?? 0, x), within(map.y[row] ?? 0, y)]);
    one.rows.push(row);
    series.set(idx, one);
  }
  return [...series.values()].sort((a, b) => a.idx - b.idx);
}

const within = (value: number, [low, high]: Extent) => Math.min(high, Math.max(low, value));

/** A few customers farther out than this many times the spread of the others are left at the edge. */
const WIDEST = 2;

/** The ends of an axis: all customers, unless a few odd ones would shrink the map for all others. */
export function extent(values: number[], trim = 0.005): Extent {
  if (values.length === 0) return [0, 1];
  const sorted = [...values].sort((a, b) => a - b);
  const cut = Math.floor(sorted.length * trim);
  const ends = (skipped: number): Extent => [sorted[skipped] ?? 0, sorted[sorted.length - 1 - skipped] ?? 1];
  const span = ([low, high]: Extent) => high - low;
  const [low, high] = span(ends(0)) <= WIDEST * span(ends(cut)) ? ends(0) : ends(cut);
  const margin = (high - low || 1) * 0.04;
  return [low - margin, high + margin];
}

/**
 * A description without the sentences that only repeat what stands beside it: those that hold two or
 * more of the texts shown.
 */
export function besides(description: string, shown: string[]): string {
  const repeats = (sentence: string) =>
    shown.filter((text) => sentence.toLowerCase().includes(text.toLowerCase())).length > 1;
  return description
    .split(/(?<=\.)\s+|(?<=。)/)
    .filter((sentence) => !repeats(sentence))
    .join(/。/.test(description) ? "" : " ");
}

/** A trait's bar: from -1 (far below the others) to 1 (far above), cut at two and a half deviations. */
export function barOf(z: number): number {
  return Math.max(-1, Math.min(1, z / 2.5));
}

export const bySize = (segments: Segment[]): Segment[] => [...segments].sort((a, b) => b.size - a.size);
