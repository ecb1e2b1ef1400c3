import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Import } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Card, ProgressBar } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";

/** How far an import is, how fast it goes, and how to stop it or go on. */
export function ImportProgress({ one }: { one: Import }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("import_files");
  const isGoing = one.status === "queued" || one.status === "running";
  const refresh = () => client.invalidateQueries({ queryKey: keys.record("imports", one.id) });
  const onError = (error: Error) => void toast.error(t("edit.failed"), { description: messageOf(error) });
  const cancel = useMutation({ mutationFn: () => data.cancelImport(one.id), onSuccess: refresh, onError });
  const resume = useMutation({ mutationFn: () => data.runImport(one.id), onSuccess: refresh, onError });
  const {
    rows_done = 0,
    rows_total = null,
    rows_per_second = null,
    seconds_left = null,
  } = one.progress ?? {};
  const share = rows_total ? rows_done / rows_total : null;

  return (
    <Card className="p-4">
      <div className="mb-2 flex items-center justify-between gap-3">
        <p aria-live="polite" className="font-semibold">
          {t(`imports.state.${one.status as "queued" | "running" | "failed" | "cancelled"}`)}
        </p>
        {!mayWrite ? null : isGoing ? (
          <Button size="sm" variant="danger" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
            {t("imports.stop")}
          </Button>
        ) : (
          <Button size="sm" variant="primary" disabled={resume.isPending} onClick={() => resume.mutate()}>
            {t(one.status === "failed" ? "imports.runAgain" : "imports.resume")}
          </Button>
        )}
      </div>
      {isGoing && <ProgressBar share={share} label={t("imports.progress")} />}
      <p className="numeric mt-2 flex flex-wrap gap-x-4 text-ink-2">
        <span>
          {rows_total
            ? t("imports.rowsOf", {
                count: rows_total,
                done: formats.number(rows_done),
                total: formats.number(rows_total),
              })
            : t("imports.rows", { count: rows_done, text: formats.number(rows_done) })}
        </span>
        {isGoing && rows_per_second ? (
          <span>{t("imports.rate", { rate: formats.number(Math.round(rows_per_second)) })}</span>
        ) : null}
        {isGoing && seconds_left !== null && seconds_left > 0 ? (
          <span>{t("imports.left", { time: formats.duration(seconds_left) })}</span>
        ) : null}
      </p>
    </Card>
  );
}
