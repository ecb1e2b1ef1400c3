import type { InfiniteData } from "@tanstack/react-query";

import type { Page } from "@/api/dataProvider";

type Row = { id: string };
type Pages<T> = InfiniteData<Page<T>, string | null>;

/**
 * All rows of the pages so far. A row that moved between two requests can come twice; its newest
 * version stands where it came first.
 */
export function mergePages<T extends Row>(pages: Page<T>[]): T[] {
  const rows = new Map<string, T>();
  for (const page of pages) for (const row of page.items) rows.set(row.id, row);
  return [...rows.values()];
}

/** The server counts so many rows one by one; only beyond that it estimates. */
const N_COUNTED = 10_000;

/** How many rows there are in all: as many as there are once the last page is here, else what the server said. */
export function countOf<T extends Row>(pages: Page<T>[]): { count: number; isExact: boolean } | null {
  const last = pages.at(-1);
  if (last === undefined) return null;
  if (last.nextCursor === null) {
    return { count: mergePages(pages).length, isExact: true };
  }
  const estimate = pages[0]?.estimate ?? null;
  return estimate === null ? null : { count: estimate, isExact: estimate < N_COUNTED };
}

/** All that a list's query may hold: pages one after the other, or a single one. */
export type Listed<T> = Pages<T> | Page<T>;

const pagesOf = <T>(listed: Listed<T>): Page<T>[] => ("pages" in listed ? listed.pages : [listed]);

export const rowsOf = <T>(listed: Listed<T> | undefined): T[] =>
  listed ? pagesOf(listed).flatMap(({ items }) => items) : [];

/** The list with one row changed; the same object where the row is not in it. */
export function changeRow<T extends Row, L extends Listed<T>>(
  listed: L & Listed<T>,
  id: string,
  change: (row: T) => T,
): L {
  if (!rowsOf<T>(listed).some((row) => row.id === id)) return listed;
  const changed = (page: Page<T>): Page<T> => ({
    ...page,
    items: page.items.map((row) => (row.id === id ? change(row) : row)),
  });
  return ("pages" in listed ? { ...listed, pages: listed.pages.map(changed) } : changed(listed)) as L;
}
