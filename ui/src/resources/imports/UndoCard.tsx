import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Import } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Card, ProgressBar } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useT } from "@/i18n";
import { isRunning, useJobs } from "@/layout/JobsNote";
import { useMay } from "@/resources/session/useSession";
import { Conflicts } from "./Conflicts";
import { UndoDialog } from "./UndoDialog";

/** Taking an import back: the way in, how it goes, and what was left. */
export default function UndoCard({ one }: { one: Import }) {
  const isBegun = one.status === "undoing" || one.status === "undone";
  return (
    <>
      {one.status === "undone" ? <Undone /> : <Undo one={one} />}
      {isBegun && <Conflicts one={one} />}
    </>
  );
}

function Undone() {
  const t = useT();
  return (
    <Card className="p-4">
      <p role="status">{t("undoImport.undone")}</p>
    </Card>
  );
}

function Undo({ one }: { one: Import }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("import_files");
  const [isAsking, setAsking] = useState(false);
  const jobs = useJobs().filter(isRunning);
  const isGoing = one.status === "undoing" && jobs.some(({ id }) => id === one.undo_job_id);
  const undo = useMutation({
    mutationFn: () => data.undoImport(one.id),
    onSuccess: () => {
      setAsking(false);
      void client.invalidateQueries({ queryKey: keys.record("imports", one.id) });
    },
    onError: (error) => void toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  if (!one.is_journaled) {
    return (
      <Card className="p-4">
        <p className="text-ink-2">{t("undoImport.notJournaled")}</p>
      </Card>
    );
  }
  const isStopped = one.status === "undoing" && !isGoing;
  return (
    <Card className="p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0">
          <p className="font-semibold">{t(isGoing ? "undoImport.going" : "undoImport.title")}</p>
          <p className="text-ink-2">{t(isStopped ? "undoImport.stopped" : "undoImport.hint")}</p>
        </div>
        {mayWrite && !isGoing && (
          <Button
            size="sm"
            variant="danger"
            disabled={undo.isPending}
            onClick={() => (isStopped ? undo.mutate() : setAsking(true))}
          >
            {t(isStopped ? "undoImport.goOn" : "undoImport.open")}
          </Button>
        )}
      </div>
      {isGoing && <ProgressBar share={null} label={t("undoImport.going")} />}
      {isAsking && (
        <UndoDialog
          one={one}
          isPending={undo.isPending}
          onConfirm={() => undo.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </Card>
  );
}
