import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { Page, PageRequest } from "@/api/dataProvider";
import { mergePages } from "./pages";

/** A list within a page: its rows so far and how to get more. */
export function usePages<T extends { id: string }>(
  queryKey: readonly unknown[],
  ask: (request: PageRequest) => Promise<Page<T>>,
  limit: number,
) {
  const { data, ...rest } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask({ cursor: pageParam, limit }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const rows = useMemo(() => mergePages(data?.pages ?? []), [data]);
  return { ...rest, rows, nAll: data?.pages[0]?.estimate ?? null };
}

export type PagesResult = Omit<ReturnType<typeof usePages>, "rows">;
