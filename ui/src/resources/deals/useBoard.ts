import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";

import { useData } from "@/api/context";
import type { DataProvider, ListQuery } from "@/api/dataProvider";
import { keys } from "@/components/admin/caches";
import { boardOf, withMore, type BoardData } from "./dealModel";

/** Cards of a column that are asked for at once, and the most that one answer holds. */
const N_CARDS = 50;
const N_CARDS_MAX = 500;

/** Who came into a stage last stands on top of its column. */
export const BOARD_SORT = "-stage_entered_at";

export const pipelinesQuery = (data: DataProvider) =>
  queryOptions({ queryKey: keys.pipelines, queryFn: () => data.pipelines(), staleTime: 60_000 });

/** The board of a pipeline, and how to read a column on; the query is the same object while it is the same. */
export function useBoard(pipeline: string | undefined, query: ListQuery) {
  const data = useData();
  const client = useQueryClient();
  const queryKey = useMemo(() => keys.list("deals", "board", pipeline, query), [pipeline, query]);
  const result = useQuery({
    queryKey,
    queryFn: async () => {
      // Read anew, the board is as long as it was, so that nobody loses his place.
      const shown = client.getQueryData<BoardData>(queryKey);
      const longest = Math.max(N_CARDS, ...(shown?.pages.map(({ items }) => items.length) ?? []));
      return boardOf(await data.board(pipeline!, query, Math.min(longest, N_CARDS_MAX)));
    },
    enabled: pipeline !== undefined,
    placeholderData: (before) => (before?.pipeline.id === pipeline ? before : undefined),
  });
  const underWay = useRef(new Set<string>());
  const loadMore = useCallback(
    async (stageId: string) => {
      const page = client.getQueryData<BoardData>(queryKey)?.pages.find(({ stage }) => stage.id === stageId);
      const cursor = page?.nextCursor;
      if (!cursor || underWay.current.has(cursor)) return;
      underWay.current.add(cursor);
      try {
        const ofStage = { field: "stage_id", op: "eq", value: stageId } as const;
        const more = await data.list(
          "deals",
          { ...query, filter: [...(query.filter ?? []), ofStage] },
          { cursor, limit: N_CARDS * 2 },
        );
        client.setQueryData<BoardData>(queryKey, (board) => board && withMore(board, stageId, cursor, more));
      } catch {
        // The board is as it was; scrolling on tries again.
      } finally {
        underWay.current.delete(cursor);
      }
    },
    [client, data, query, queryKey],
  );
  return { ...result, loadMore };
}
