import type { InfiniteData } from "@tanstack/react-query";

import type { Page } from "@/api/dataProvider";

type Row = { id: string };
export type Pages<T> = InfiniteData<Page<T>, string | null>;

/**
 * All rows of the pages so far. A row that moved between two requests can come twice; its newest
 * version stands where it came first.
 */
export function mergePages<T extends Row>(pages: Page<T>[]): T[] {
  const rows = new Map<string, T>();
  for (const page of pages) for (const row of page.items) rows.set(row.id, row);
  return [...rows.values()];
}

/** How many rows there are in all: exact once the last page is here, else the server's estimate. */
export function countOf<T>(pages: Page<T>[]): { count: number; isExact: boolean } | null {
  const last = pages.at(-1);
  if (last === undefined) return null;
  if (last.nextCursor === null) {
    return { count: pages.reduce((sum, page) => sum + page.items.length, 0), isExact: true };
  }
  const estimate = pages[0]?.estimate ?? null;
  return estimate === null ? null : { count: estimate, isExact: false };
}

/** The pages with one row changed; the same object where the row is not among them. */
export function changeRow<T extends Row>(pages: Pages<T>, id: string, change: (row: T) => T): Pages<T> {
  if (!pages.pages.some((page) => page.items.some((row) => row.id === id))) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      items: page.items.map((row) => (row.id === id ? change(row) : row)),
    })),
  };
}
