import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Job } from "@/api/types";
import { messageOf } from "@/components/admin/useEdit";
import { Card } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useT } from "@/i18n";
import { JobProgress } from "@/layout/JobProgress";
import { isRunning, useJobs } from "@/layout/JobsNote";
import { useMay } from "@/resources/session/useSession";

/** Long work that goes on now, live from the event stream; the page's own answer tells of it first. */
export function RunningJobs({ jobs }: { jobs: Job[] }) {
  const live = useJobs();
  const known = [...live, ...jobs.filter((job) => !live.some(({ id }) => id === job.id))].filter(isRunning);
  if (known.length === 0) return null;
  return (
    <Card className="divide-y">
      {known.map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </Card>
  );
}

function JobRow({ job }: { job: Job }) {
  const t = useT();
  const data = useData();
  const mayWrite = useMay("write");
  const cancel = useMutation({
    mutationFn: () => data.cancelJob(job.id),
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  return (
    <div className="flex items-center gap-4 px-4 py-2.5 font-medium">
      <JobProgress job={job} hasCount />
      {mayWrite && (
        <Button size="sm" variant="ghost" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          {t("common.cancel")}
        </Button>
      )}
    </div>
  );
}
