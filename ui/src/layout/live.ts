import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useData } from "@/api/context";
import type { ServerChange } from "@/api/dataProvider";
import type { Import, Job } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { changeRow, type Pages } from "@/components/admin/pages";

const isOver = (job: Job) => job.status === "done" || job.status === "failed" || job.status === "cancelled";

/** What the server tells only patches or refreshes the query cache; no screen listens by itself. */
export function applyChange(client: QueryClient, change: ServerChange) {
  switch (change.event) {
    case "job":
      client.setQueryData<Job[]>(keys.jobs, (jobs = []) => withJob(jobs, change.job));
      if (isOver(change.job)) void client.invalidateQueries({ queryKey: keys.home });
      return;
    case "import": {
      const next = change.import;
      client.setQueryData<Import>(keys.record("imports", next.id), (known) => ({ ...known, ...next }));
      client.setQueriesData<Pages<Import>>(
        { queryKey: keys.list("imports") },
        (pages) => pages && changeRow(pages, next.id, (row) => ({ ...row, ...next })),
      );
      if (next.status === "done") void client.invalidateQueries({ predicate: isAboutRecords });
      return;
    }
    case "segmentation":
      void client.invalidateQueries({ queryKey: keys.segmentation });
      void client.invalidateQueries({ queryKey: keys.home });
      void client.invalidateQueries({ queryKey: keys.list("contacts") });
  }
}

/** Jobs that run, newest first; a finished one stays until the next begins. */
export function withJob(jobs: Job[], job: Job): Job[] {
  const others = jobs.filter((known) => known.id !== job.id);
  return [job, ...(isOver(job) ? others : others.filter((known) => !isOver(known)))];
}

function isAboutRecords({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  const [kind, resource] = queryKey;
  return kind === "home" || (kind === "list" && resource !== "imports") || kind === "profile";
}

export function useLiveUpdates() {
  const data = useData();
  const client = useQueryClient();
  useEffect(() => data.subscribe((change) => applyChange(client, change)), [data, client]);
}
