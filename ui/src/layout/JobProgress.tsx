import type { Job } from "@/api/types";
import { ProgressBar } from "@/components/ui/bits";
import { useFormats } from "@/i18n";
import { useStepName } from "./useStepName";

/** What a job is doing and how far it is. */
export function JobProgress({ job, hasCount }: { job: Job; hasCount?: boolean }) {
  const formats = useFormats();
  const stepName = useStepName();
  const { step, done, total } = job.progress;
  const name = stepName(step || job.kind);
  return (
    <div className="min-w-0 flex-1">
      <p className="mb-1.5 flex justify-between gap-3">
        <span className="truncate">{name}</span>
        {hasCount && (
          <span className="numeric shrink-0 text-xs text-ink-2">
            {total ? `${formats.number(done)} / ${formats.number(total)}` : formats.number(done)}
          </span>
        )}
      </p>
      <ProgressBar share={total ? done / total : null} label={name} />
    </div>
  );
}
