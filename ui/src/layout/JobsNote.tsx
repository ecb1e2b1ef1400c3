import { useQuery } from "@tanstack/react-query";

import type { Job } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { useT } from "@/i18n";
import { JobProgress } from "./JobProgress";

/** The jobs that run now, as the event stream tells of them. */
export function useJobs(): Job[] {
  return useQuery<Job[]>({ queryKey: keys.jobs, queryFn: () => [], initialData: [], staleTime: Infinity })
    .data;
}

export const isRunning = ({ status }: Pick<Job, "status">) => status === "running" || status === "queued";

/** Says at the foot of the sidebar what is being worked on. */
export function JobsNote() {
  const t = useT();
  const running = useJobs().filter(isRunning);
  if (running.length === 0) return null;
  return (
    <ul aria-label={t("jobs.label")} className="mb-2 grid gap-2 rounded-lg border bg-raised p-2.5">
      {running.slice(0, 3).map((job) => (
        <li key={job.id} className="text-xs text-ink-2">
          <JobProgress job={job} />
        </li>
      ))}
    </ul>
  );
}
