import type { Confusion } from "@/api/types";

export interface ConfusionRow {
  label: string;
  cells: { n: number; share: number; isRight: boolean }[];
  /** Rows of this class. */
  n: number;
  /** The share that was found; null where there are none. */
  recall: number | null;
}

/** Counts and their shares of what was true, class by class. */
export function confusionRows({ labels, counts }: Confusion): ConfusionRow[] {
  return labels.map((label, actual) => {
    const row = labels.map((_, predicted) => counts[actual]?.[predicted] ?? 0);
    const n = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((count, predicted) => ({
      n: count,
      share: n === 0 ? 0 : count / n,
      isRight: predicted === actual,
    }));
    return { label, cells, n, recall: n === 0 ? null : (cells[actual]?.share ?? 0) };
  });
}

/** How strongly a cell is colored, in percent: never so much that its figure could not be read. */
export const shadeOf = (share: number) => Math.round(share * 38);
