import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { useData } from "@/api/context";
import type { Condition } from "@/api/dataProvider";
import { keys } from "@/components/admin/caches";
import { mergePages } from "@/components/admin/pages";
import { nextOf, queueOf, SORT_OF, stepFrom, type MatchOrder } from "./queueModel";
import { useDecisions } from "./useDecisions";

export const OPEN: Condition = { field: "status", op: "eq", value: "open" };

/** So many pairs before the end more are asked for. */
const N_AHEAD = 5;

/** The pairs to decide, the one at hand, and what is done with it. */
export function useQueue(order: MatchOrder, linked: string | null) {
  const data = useData();
  const result = useInfiniteQuery({
    queryKey: keys.matchPairs(order),
    queryFn: ({ pageParam }) =>
      data.matchPairs({ filter: [OPEN], sort: SORT_OF[order] }, { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  // Whoever follows a link wants to see that pair, wherever it stands.
  const asked = useQuery({
    queryKey: keys.matchPairs("one", linked),
    queryFn: () => data.matchPair(linked!),
    enabled: linked !== null,
  }).data;
  const [atHand, setAtHand] = useState(linked);
  const [skipped, setSkipped] = useState<string[]>([]);
  const decisions = useDecisions(setAtHand);
  const { settled, gone, returned } = decisions;

  const { data: loaded, hasNextPage, isFetching, fetchNextPage } = result;
  const pairs = useMemo(() => mergePages(loaded?.pages ?? []), [loaded]);
  const queue = useMemo(() => {
    const extra = [...(asked?.status === "open" ? [asked] : []), ...returned];
    const others = extra.filter(
      ({ id }, i) => !pairs.some((pair) => pair.id === id) && extra.findIndex((pair) => pair.id === id) === i,
    );
    return queueOf([...others, ...pairs], settled, gone, skipped);
  }, [pairs, asked, returned, settled, gone, skipped]);

  const current = queue.find(({ id }) => id === atHand) ?? queue[0] ?? null;
  const idx = current ? queue.indexOf(current) : -1;
  useEffect(() => {
    if (hasNextPage && !isFetching && idx >= queue.length - N_AHEAD) void fetchNextPage();
  }, [hasNextPage, isFetching, idx, queue.length, fetchNextPage]);

  const nLoaded = new Set([...pairs, ...queue].map(({ id }) => id)).size;
  return {
    ...result,
    queue,
    current,
    idx,
    /** How many are to decide in all: as the server said, without those that were settled here since. */
    nOpen: Math.max(queue.length, (loaded?.pages[0]?.nOpen ?? 0) - (nLoaded - queue.length)),
    nCertain: loaded?.pages[0]?.nCertain ?? 0,
    hasDecided: settled.size > 0,
    canUndo: decisions.canUndo,
    go: (step: number) => setAtHand(stepFrom(queue, current?.id ?? null, step)),
    show: setAtHand,
    skip: () => {
      if (!current) return;
      setAtHand(nextOf(queue, current.id));
      setSkipped((ids) => [...ids.filter((id) => id !== current.id), current.id]);
    },
    decide: (...[pair, ...rest]: Parameters<typeof decisions.decide>) => {
      setAtHand(nextOf(queue, pair.id));
      decisions.decide(pair, ...rest);
    },
    undoLast: decisions.undoLast,
  };
}

export type Queue = ReturnType<typeof useQueue>;
