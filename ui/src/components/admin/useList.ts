import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

import { useData } from "@/api/context";
import type { ListRecords, ListResource } from "@/api/dataProvider";
import { keys } from "./caches";
import { conditionsOf, toAddress, toListQuery, withDefaults, type ListSearch } from "./listState";
import { countOf, mergePages } from "./pages";

/** The list's state as it stands in the address, and how to change it. */
export function useListSearch(defaultFilter?: string[]) {
  const address = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const setSearch = useCallback(
    (next: ListSearch) =>
      void navigate({ to: ".", search: toAddress(next, defaultFilter) as never, replace: true }),
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
  const [search, , address] = useListSearch(defaultFilter);
  const query = toListQuery(search, defaultSort, searchBy);
  const result = useInfiniteQuery({
    queryKey: keys.list(resource, query),
    queryFn: ({ pageParam }) => data.list(resource, query, { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (before) => before,
  });
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
    loadMore: result.fetchNextPage,
    retry: result.refetch,
    isFiltered: Boolean(address.q) || conditionsOf(address).length > 0,
  };
}

export type ListResult<T> = Omit<ReturnType<typeof useList>, "rows"> & { rows: T[] };
