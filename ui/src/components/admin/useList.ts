import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo } from "react";

import { useData } from "@/api/context";
import type { ListRecords, ListResource } from "@/api/dataProvider";
import { ApiError } from "@/api/problem";
import { keys } from "./caches";
import { groupsOf, toAddress, toListQuery, withDefaults, type ListSearch } from "./listState";
import { asSearch } from "./searchParams";
import { countOf, mergePages } from "./pages";

/** The list's state as it stands in the address, and how to change it. */
export function useListSearch(defaultFilter?: string[]) {
  const address = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const setSearch = useCallback(
    (next: ListSearch) =>
      void navigate({ to: ".", search: asSearch(toAddress(next, defaultFilter)), replace: true }),
    [navigate, defaultFilter],
  );
  return [withDefaults(address, defaultFilter), setSearch, address] as const;
}

/** One list: the rows so far, how to get more, and how many there are about. */
export function useList<R extends ListResource>(
  resource: R,
  defaultSort: string,
  searchBy?: string,
  defaultFilter?: string[],
) {
  const data = useData();
  const client = useQueryClient();
  const [search, , address] = useListSearch(defaultFilter);
  const query = toListQuery(search, defaultSort, searchBy);
  const queryKey = keys.list(resource, query);
  const result = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => data.list(resource, query, { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (before) => before,
  });
  // A place in the list that the server no longer knows cannot be gone on from: begin anew.
  const isCursorStale = result.error instanceof ApiError && result.error.code === "bad_cursor";
  useEffect(() => {
    if (isCursorStale) void client.resetQueries({ queryKey, exact: true });
    // The key is a new array each time, but the same one as long as the error stands.
  }, [isCursorStale, client]);
  const pages = result.data?.pages;
  const rows = useMemo(() => (pages ? (mergePages(pages) as ListRecords[R][]) : []), [pages]);
  return {
    rows,
    count: pages ? countOf(pages) : null,
    error: result.error,
    isLoading: result.isPending,
    isStale: result.isPlaceholderData,
    hasMore: result.hasNextPage,
    isLoadingMore: result.isFetchingNextPage,
    /** The last try to get more failed; trying again is up to the reader. */
    hasMoreFailed: result.isFetchNextPageError && !result.isFetchingNextPage,
    loadMore: result.fetchNextPage,
    retry: result.refetch,
    isFiltered: Boolean(address.q) || groupsOf(address).length > 0,
  };
}

export type ListResult<T> = Omit<ReturnType<typeof useList>, "rows"> & { rows: T[] };
