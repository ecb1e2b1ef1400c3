import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { Page, PageRequest } from "@/api/dataProvider";
import { mergePages } from "./pages";

const NO_PAGES: never[] = [];

/** What is asked for page by page: the pages so far and how to get more. */
function useAsked<T>(
  queryKey: readonly unknown[],
  ask: (request: PageRequest) => Promise<Page<T>>,
  limit: number,
  options: { refetchOnMount?: "always" } = {},
) {
  const { data, ...rest } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask({ cursor: pageParam, limit }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    ...options,
  });
  return { ...rest, pages: data?.pages ?? (NO_PAGES as Page<T>[]) };
}

/** A list within a page: its rows so far and how to get more. */
export function usePages<T extends { id: string }>(
  queryKey: readonly unknown[],
  ask: (request: PageRequest) => Promise<Page<T>>,
  limit: number,
) {
  const { pages, ...rest } = useAsked(queryKey, ask, limit);
  const rows = useMemo(() => mergePages(pages), [pages]);
  return { ...rest, rows, nAll: pages[0]?.estimate ?? null };
}

/** As `usePages`, of what has no identifier and never moves, such as the lines of a file. */
export function useLines<T>(
  queryKey: readonly unknown[],
  ask: (request: PageRequest) => Promise<Page<T>>,
  limit: number,
  options: { refetchOnMount?: "always" } = {},
) {
  const { pages, ...rest } = useAsked(queryKey, ask, limit, options);
  const rows = useMemo(() => pages.flatMap(({ items }) => items), [pages]);
  return { ...rest, rows };
}

export type PagesResult = Omit<ReturnType<typeof usePages>, "rows">;
