import type { Month } from "@/api/types";

function next(month: Month): Month {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}

/**
 * The months with those put in that are missing between them, for the server leaves out months in which
 * nothing happened and an axis must not. `empty` makes one, like its neighbor before.
 */
export function withoutGaps<T extends { month: Month }>(
  months: T[],
  empty: (month: Month, before: T) => T,
): T[] {
  const all: T[] = [];
  for (const one of months) {
    for (let last = all.at(-1); last && next(last.month) < one.month; last = all.at(-1)) {
      all.push(empty(next(last.month), last));
    }
    all.push(one);
  }
  return all;
}
