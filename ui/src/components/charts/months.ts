import type { Month } from "@/api/types";

const next = (month: Month): Month => {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
};

/**
 * Months in order without gaps: the server answers only those in which something happened, and a chart
 * that leaves the others out would show a quiet year as a busy one.
 */
export function everyMonth<T extends { month: Month }>(known: T[], nothing: (month: Month) => T): T[] {
  const byMonth = new Map(known.map((one) => [one.month, one]));
  const months = [...byMonth.keys()].sort();
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return [];
  const all: T[] = [];
  for (let month = first; month <= last; month = next(month)) {
    all.push(byMonth.get(month) ?? nothing(month));
  }
  return all;
}
