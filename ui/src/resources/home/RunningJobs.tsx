import { useMutation } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { Job } from "@/api/types";
import { Card, ProgressBar } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { isRunning, useJobs } from "@/layout/JobsNote";
import { useStepName } from "@/layout/useStepName";
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
  const formats = useFormats();
  const data = useData();
  const mayWrite = useMay("write");
  const stepName = useStepName();
  const cancel = useMutation({ mutationFn: () => data.cancelJob(job.id) });
  const { step, done, total } = job.progress;
  const name = stepName(step || job.kind);
  return (
    <div className="flex items-center gap-4 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="mb-1.5 flex justify-between gap-3">
          <span className="truncate font-medium">{name}</span>
          <span className="numeric shrink-0 text-xs text-ink-2">
            {total ? `${formats.number(done)} / ${formats.number(total)}` : formats.number(done)}
          </span>
        </p>
        <ProgressBar share={total ? done / total : null} label={name} />
      </div>
      {mayWrite && (
        <Button size="sm" variant="ghost" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          {t("common.cancel")}
        </Button>
      )}
    </div>
  );
}
