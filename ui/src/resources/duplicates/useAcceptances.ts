import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { useMayMerge } from "@/resources/identity/useMayMerge";
import { isGoing } from "./acceptanceModel";

/** How often what is under way is looked at, in milliseconds. */
export const LOOK_EVERY = 1_000;

const STORAGE_KEY = "rapport.match_acceptance";

/**
 * The merges of many pairs, and the one that is told of on the page: one that is under way, else the last that
 * was made or looked up on this device and not put away.
 */
export function useAcceptances() {
  const data = useData();
  const may = useMayMerge();
  const [chosen, setChosen] = useState(() => localStorage.getItem(STORAGE_KEY));
  const all =
    useQuery({
      queryKey: keys.matchAcceptances,
      queryFn: () => data.matchAcceptances(),
      enabled: may.merge,
      retry: false,
      refetchInterval: ({ state }) => (state.data?.some(isGoing) ? LOOK_EVERY : false),
    }).data ?? [];
  return {
    all,
    shown: all.find(isGoing)?.job_id ?? chosen,
    show: (job: string) => {
      localStorage.setItem(STORAGE_KEY, job);
      setChosen(job);
    },
    forget: () => {
      localStorage.removeItem(STORAGE_KEY);
      setChosen(null);
    },
  };
}
