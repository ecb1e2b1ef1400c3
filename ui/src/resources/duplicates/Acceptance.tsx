import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import type { Job, MatchAcceptance } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { ProgressBar } from "@/components/ui/bits";
import { Button, IconButton } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { isRunning, useJobs } from "@/layout/JobsNote";
import { withJob } from "@/layout/live";
import { Refusal } from "@/resources/access/Refusal";
import { useRefreshPeople } from "@/resources/identity/useRefreshPeople";

/** How often a job that is under way is looked at, in milliseconds. */
const LOOK_EVERY = 700;

const nDone = ({ n_merged, n_one, n_refused, n_undone }: MatchAcceptance) =>
  n_merged + n_one + n_refused + n_undone;

/** How a merge of many pairs goes, what came of it, and the way back. */
export function Acceptance({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const [undoJob, setUndoJob] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const jobs = useJobs();
  const isOver = (job: string) => jobs.some((one) => one.id === job && !isRunning(one));
  const isGoing = (acceptance: MatchAcceptance | undefined) =>
    !acceptance ||
    (undoJob
      ? acceptance.n_merged > 0 && !isOver(undoJob)
      : nDone(acceptance) < acceptance.n_pairs && !isOver(id));
  const { data: acceptance, error } = useQuery({
    queryKey: keys.matchAcceptance(id),
    queryFn: () => data.matchAcceptance(id),
    refetchInterval: ({ state }) => (!state.error && isGoing(state.data) ? LOOK_EVERY : false),
  });
  const isUnderWay = isGoing(acceptance);
  useWhenOver(acceptance ? isUnderWay : null);

  // What is not there any more, or not the reader's, is not told of.
  const isGone = error instanceof ApiError && (error.status === 404 || error.status === 403);
  useEffect(() => {
    if (isGone) onClose();
  }, [isGone, onClose]);
  if (!acceptance) return null;
  const { n_pairs, n_merged, n_refused, n_undone } = acceptance;
  const n = (value: number) => formats.number(value);
  const progress = undoJob
    ? t("duplicates.undoing", { done: n(n_undone), total: n(n_undone + n_merged) })
    : t("duplicates.accepting", { done: n(nDone(acceptance)), total: n(n_pairs) });
  const share = undoJob
    ? n_undone / Math.max(1, n_undone + n_merged)
    : nDone(acceptance) / Math.max(1, n_pairs);
  return (
    <div
      aria-live="polite"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b bg-selected px-4 py-2"
    >
      {isUnderWay ? (
        <div className="w-full max-w-80 text-xs">
          <p className="mb-1.5">{progress}</p>
          <ProgressBar share={share} label={progress} />
        </div>
      ) : (
        <>
          <p className="font-medium">
            {n_undone > 0
              ? t("duplicates.undone", { count: n_undone, text: n(n_undone) })
              : t("duplicates.accepted", { count: n_merged, text: n(n_merged) })}
          </p>
          {n_refused > 0 && <Refused acceptance={acceptance} />}
          <span className="ml-auto flex items-center gap-1">
            {n_merged > 0 && <Button onClick={() => setAsking(true)}>{t("duplicates.undoAll")}</Button>}
            <IconButton label={t("common.close")} onClick={onClose}>
              <X />
            </IconButton>
          </span>
        </>
      )}
      {isAsking && (
        <UndoDialog
          id={id}
          onStarted={(job) => (setUndoJob(job), setAsking(false))}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

/** Shows the queue and the contacts anew once the work is over. */
function useWhenOver(isUnderWay: boolean | null) {
  const client = useQueryClient();
  const refreshPeople = useRefreshPeople();
  const before = useRef(isUnderWay);
  useEffect(() => {
    if (before.current === true && isUnderWay === false) {
      void client.invalidateQueries({ queryKey: keys.matchPairs() });
      refreshPeople();
    }
    before.current = isUnderWay;
  }, [isUnderWay, client, refreshPeople]);
}

function Refused({ acceptance: { n_refused, refused } }: { acceptance: MatchAcceptance }) {
  const t = useT();
  const formats = useFormats();
  const reasons = [...new Set(refused.map((one) => problemText(one)))].filter(Boolean);
  return (
    <p className="text-ink-2">
      {t("duplicates.acceptRefused", { count: n_refused, text: formats.number(n_refused) })}{" "}
      {reasons.slice(0, 3).join(" ")}
    </p>
  );
}

interface UndoDialogProps {
  id: string;
  onStarted: (job: string) => void;
  onClose: () => void;
}

function UndoDialog({ id, onStarted, onClose }: UndoDialogProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: () => data.undoMatchAcceptance(id),
    onSuccess: (job) => {
      client.setQueryData<Job[]>(keys.jobs, (jobs = []) => withJob(jobs, job));
      onStarted(job.id);
      void client.invalidateQueries({ queryKey: keys.matchAcceptance(id) });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("duplicates.undoAllTitle")}
      description={t("duplicates.undoAllHint")}
    >
      <div className="grid gap-3 p-5">
        <Refusal error={undo.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="danger" disabled={undo.isPending} onClick={() => undo.mutate()}>
            {t("duplicates.undoAll")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
