import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Job, MatchRun } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { useFormats, useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { isRunning, useJobs } from "@/layout/JobsNote";
import { withJob } from "@/layout/live";
import { useMay } from "@/resources/session/useSession";

/** How often a search that is under way is looked at, in milliseconds. */
const LOOK_EVERY = 2_000;
/** Searches that are listed. */
export const N_RUNS = 20;

const isUnfinished = (run: MatchRun | undefined) => run !== undefined && run.finished_at === null;

/** The searches for duplicates, and how to start one. */
export function useRuns() {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const mayRead = useMay("read_everything");
  const mayStart = useMay("import_files");
  const job = useJobs().find((one) => one.kind === "matching" && isRunning(one));
  const runs = useQuery({
    queryKey: keys.matchRuns,
    queryFn: async () => (await data.matchRuns({ limit: N_RUNS })).items,
    enabled: mayRead,
    refetchInterval: ({ state }) => (job || isUnfinished(state.data?.[0]) ? LOOK_EVERY : false),
  });
  const last = runs.data?.find(({ finished_at }) => finished_at !== null);
  const isUnderWay = job !== undefined || isUnfinished(runs.data?.[0]);

  // The last search before one that is waited for here; undefined where none is. Its end is told once.
  const before = useRef<string | null>(undefined);
  useEffect(() => {
    if (isUnderWay) {
      if (before.current === undefined) before.current = last?.id ?? null;
    } else if (before.current !== undefined && last && last.id !== before.current) {
      before.current = undefined;
      void client.invalidateQueries({ queryKey: keys.matching });
      toast.success(t("duplicates.found", { count: last.n_pairs, text: formats.number(last.n_pairs) }));
    }
  }, [last, isUnderWay, client, formats, t]);

  const { mutate, isPending: isStarting } = useMutation({
    mutationFn: () => data.startMatchRun(),
    onSuccess: (started) => {
      client.setQueryData<Job[]>(keys.jobs, (jobs = []) => withJob(jobs, started));
      void client.invalidateQueries({ queryKey: keys.matchRuns });
    },
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  return {
    all: runs.data ?? [],
    last,
    job,
    mayStart,
    isUnderWay: isUnderWay || isStarting,
    isPending: mayRead && runs.isPending,
    /** Whether nobody has looked yet; not known to those who may not read it. */
    isFirst: runs.isSuccess && last === undefined,
    start: () => mutate(),
  };
}

export type Runs = ReturnType<typeof useRuns>;
