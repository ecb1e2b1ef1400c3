import { useState } from "react";

import type { BulkTarget, EditResource } from "@/api/dataProvider";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import { Refusal } from "@/resources/access/Refusal";
import { isIdle, Preview, usePreview } from "./Preview";
import { useBulkRun } from "./useBulkRun";

interface DeleteDialogProps<R extends EditResource> {
  resource: R;
  target: BulkTarget;
  about: number;
  onStarted: () => void;
  onClose: () => void;
}

const DELETION = { delete: true } as const;

/** Deletes many records, after saying how many that would be. */
export default function DeleteDialog<R extends EditResource>({
  resource,
  target,
  about,
  onStarted,
  onClose,
}: DeleteDialogProps<R>) {
  const t = useT();
  const formats = useFormats();
  const [error, setError] = useState<Error | null>(null);
  const [isStarting, setStarting] = useState(false);
  const preview = usePreview(resource, target, DELETION);
  const run = useBulkRun(resource);
  const { counts } = preview;

  async function confirm() {
    if (!counts) return;
    setStarting(true);
    try {
      await run(target, DELETION, counts.n_rows);
      onStarted();
    } catch (refusal) {
      setError(refusal as Error);
      setStarting(false);
    }
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("bulk.deleteTitle", { text: formats.number(counts?.n_rows ?? about) })}
      description={t("bulk.deleteEffect")}
    >
      <div className="grid gap-4 p-5">
        <Preview preview={preview} isDeletion />
        <Refusal error={error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="danger"
            disabled={isStarting || !counts || isIdle(counts)}
            onClick={() => void confirm()}
          >
            {t("bulk.deleteAction")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
