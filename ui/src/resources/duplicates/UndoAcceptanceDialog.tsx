import { useMutation, useQueryClient } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { Job } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/i18n";
import { withJob } from "@/layout/live";
import { Refusal } from "@/resources/access/Refusal";

interface UndoAcceptanceDialogProps {
  id: string;
  onStarted?: () => void;
  onClose: () => void;
}

/** Asks before all merges of an acceptance are taken back. */
export function UndoAcceptanceDialog({ id, onStarted, onClose }: UndoAcceptanceDialogProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: () => data.undoMatchAcceptance(id),
    onSuccess: async (job) => {
      client.setQueryData<Job[]>(keys.jobs, (jobs = []) => withJob(jobs, job));
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.matchAcceptance(id) }),
        client.invalidateQueries({ queryKey: keys.matchAcceptances }),
      ]);
      onStarted?.();
      onClose();
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
