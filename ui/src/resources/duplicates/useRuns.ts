import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Job } from "@/api/types";
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

/** The searches for duplicates, and how to start one. */
export function useRuns() {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const mayRead = useMay("read_everything");
  const mayStart = useMay("import_files");
  const runs = useQuery({
    queryKey: keys.matchRuns,
    queryFn: async () => (await data.matchRuns({ limit: N_RUNS })).items,
    enabled: mayRead,
    refetchInterval: ({ state }) =>
      state.data?.[0] && state.data[0].finished_at === null ? LOOK_EVERY : false,
  });
  const job = useJobs().find(({ kind, status }) => kind === "matching" && isRunning({ status } as Job));
  const [newest] = runs.data ?? [];
  const last = runs.data?.find(({ finished_at }) => finished_at !== null);
  const isUnderWay = job !== undefined || (newest !== undefined && newest.finished_at === null);

  // What was waited for here is told, and the queue asked for anew.
  const waited = useRef<string | null>(null);
  useEffect(() => {
    if (isUnderWay && newest?.finished_at === null) waited.current = newest.id;
    if (newest && newest.finished_at !== null && waited.current === newest.id) {
      waited.current = null;
      void client.invalidateQueries({ queryKey: keys.matching });
      toast.success(t("duplicates.found", { count: newest.n_pairs, text: formats.number(newest.n_pairs) }));
    }
  }, [newest, isUnderWay, client, formats, t]);

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
