import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Job, SegmentationMethod } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/i18n";
import { awaitJob } from "@/layout/awaitedJobs";
import { JobProgress } from "@/layout/JobProgress";
import { isRunning, useJobs } from "@/layout/JobsNote";
import { withJob } from "@/layout/live";
import { useMay } from "@/resources/session/useSession";
import { ChoiceFields } from "./ChoiceFields";

interface RecomputeProps {
  /** Whether there are no segments yet. */
  isFirst: boolean;
}

/** Trains new segments; an administrator may choose method and number. Then shows how far it is. */
export function Recompute({ isFirst }: RecomputeProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("train_models");
  const mayChoose = useMay("administer");
  const [isOpen, setOpen] = useState(false);
  const [method, setMethod] = useState<SegmentationMethod | null>(null);
  const [k, setK] = useState<number | null>(null);
  const job = useJobs().find((known) => known.kind.startsWith("segment") && isRunning(known));
  const start = useMutation({
    mutationFn: () =>
      data.startSegmentation({
        ...(method === null ? {} : { method }),
        // RFM has its own number.
        ...(k === null || method === "rfm" ? {} : { k }),
      }),
    onSuccess: (started) => {
      setOpen(false);
      awaitJob(client, started);
      client.setQueryData<Job[]>(keys.jobs, (jobs = []) => withJob(jobs, started));
    },
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });

  if (job) {
    return (
      <div className="flex w-44 text-xs text-ink-2">
        <JobProgress job={job} />
      </div>
    );
  }
  if (!mayWrite) return null;
  const name = t(isFirst ? "segments.find" : "segments.findAgain");
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <RefreshCw />
        {name}
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={name}
        description={t(isFirst ? "segments.findHint" : "segments.findAgainHint")}
      >
        <form className="grid gap-4 p-5" onSubmit={(event) => (event.preventDefault(), start.mutate())}>
          {mayChoose ? (
            <ChoiceFields method={method} onMethod={setMethod} k={k} onK={setK} />
          ) : (
            <p className="text-ink-2">{t("segments.choiceForAdmins")}</p>
          )}
          <Button type="submit" variant="primary" className="justify-self-end" disabled={start.isPending}>
            {t("segments.start")}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
