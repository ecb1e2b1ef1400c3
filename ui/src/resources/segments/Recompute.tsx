import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Job } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field, Select } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { JobProgress } from "@/layout/JobProgress";
import { isRunning, useJobs } from "@/layout/JobsNote";
import { withJob } from "@/layout/live";
import { useMay } from "@/resources/session/useSession";

const METHODS = ["auto", "kmeans", "ward", "rfm"] as const;
const MAX_K = 12;

/** Trains new segments: choose a method and a number or leave both to the data; then shows how far it is. */
export function Recompute() {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("write");
  const [isOpen, setOpen] = useState(false);
  const [method, setMethod] = useState<(typeof METHODS)[number]>("auto");
  const [k, setK] = useState("");
  const job = useJobs().find((known) => known.kind.startsWith("segment") && isRunning(known));
  const start = useMutation({
    mutationFn: () =>
      data.startSegmentation({
        ...(method === "auto" ? {} : { method }),
        ...(k === "" ? {} : { k: Number(k) }),
      }),
    onSuccess: (started) => {
      setOpen(false);
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
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <RefreshCw />
        {t("segments.recompute")}
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t("segments.recompute")}
        description={t("segments.recomputeHint")}
      >
        <form className="grid gap-4 p-5" onSubmit={(event) => (event.preventDefault(), start.mutate())}>
          <Field label={t("segments.methodLabel")}>
            {(props) => (
              <Select
                {...props}
                value={method}
                onChange={(event) => setMethod(event.target.value as (typeof METHODS)[number])}
              >
                {METHODS.map((name) => (
                  <option key={name} value={name}>
                    {t(`segments.method.${name}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t("segments.kLabel")} hint={t("segments.kHint")}>
            {(props) => (
              <Select
                {...props}
                value={k}
                disabled={method === "rfm"}
                onChange={(event) => setK(event.target.value)}
              >
                <option value="">{t("segments.kAuto")}</option>
                {Array.from({ length: MAX_K - 1 }, (_, i) => i + 2).map((n) => (
                  <option key={n} value={n}>
                    {n}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Button type="submit" variant="primary" className="justify-self-end" disabled={start.isPending}>
            {t("segments.start")}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
