import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";

import { ApiError } from "@/api/problem";
import type { IdentityOperation, IdentityOperationUndo } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { useFormats, useT } from "@/i18n";
import { Refusal } from "@/resources/access/Refusal";
import { useFieldTexts } from "@/resources/duplicates/useFieldTexts";
import { TextField } from "@/resources/pickers/fields";
import { useUndoOperation } from "./useUndoOperation";

interface UndoDialogProps {
  operation: IdentityOperation;
  /** What the other contact is called. */
  name: string;
  onClose: () => void;
}

/** Takes a merge or a decision back, in part where something is gone for good, and tells what stayed. */
export default function UndoDialog({ operation, name, onClose }: UndoDialogProps) {
  const t = useT();
  const undoOperation = useUndoOperation();
  const isMerge = operation.kind === "merge";
  const [reason, setReason] = useState("");
  const [keepApart, setKeepApart] = useState(false);
  const [told, setTold] = useState<IdentityOperationUndo | null>(null);
  const undo = useMutation({
    mutationFn: (in_part: boolean) =>
      undoOperation(operation.id, { reason: reason.trim() || null, keep_apart: keepApart, in_part }),
    onSuccess: (undone) => {
      toast.success(t(isMerge ? "identity.unmerged" : "identity.withdrawn", { name }));
      if (undone.kept.length + undone.lost.length + undone.n_ambiguous > 0) setTold(undone);
      else onClose();
    },
  });
  if (told) return <Stayed undone={told} name={name} onClose={onClose} />;
  const isPartial = undo.error instanceof ApiError && undo.error.code === "merge_incomplete";
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t(isMerge ? "identity.unmergeTitle" : "identity.withdrawTitle", { name })}
      description={t(isMerge ? "identity.unmergeHint" : "identity.withdrawHint")}
    >
      <form className="grid gap-4 p-5" onSubmit={(event) => (event.preventDefault(), undo.mutate(isPartial))}>
        <TextField label={t("identity.reason")} value={reason} onChange={setReason} />
        {isMerge && (
          <label className="flex items-center gap-2">
            <Checkbox
              aria-label={t("identity.keepApart")}
              checked={keepApart}
              onCheckedChange={(checked) => setKeepApart(checked === true)}
            />
            {t("identity.keepApart")}
          </label>
        )}
        <Refusal error={undo.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="danger" disabled={undo.isPending}>
            {t(isPartial ? "identity.inPart" : isMerge ? "identity.unmerge" : "identity.withdraw")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What could not be brought back, so that nobody has to find it out. */
function Stayed({
  undone: { kept, lost, n_ambiguous, contact },
  name,
  onClose,
}: {
  undone: IdentityOperationUndo;
  name: string;
  onClose: () => void;
}) {
  const t = useT();
  const formats = useFormats();
  const { nameOf } = useFieldTexts();
  return (
    <Dialog open onOpenChange={onClose} title={t("identity.unmerged", { name })}>
      <div className="grid gap-3 p-5">
        <h3 className="font-medium">{t("identity.stayed")}</h3>
        <ul className="grid list-disc gap-1 pl-5 text-ink-2">
          {lost.map((what) => (
            <li key={what}>{what}</li>
          ))}
          {kept.length > 0 && (
            <li>
              {t("identity.stayedFields", { fields: formats.list(kept.map(({ field }) => nameOf(field))) })}
            </li>
          )}
          {n_ambiguous > 0 && (
            <li>
              {t("identity.stayedAmbiguous", { count: n_ambiguous, text: formats.number(n_ambiguous) })}
            </li>
          )}
        </ul>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.close")}</Button>
          {contact && (
            <Button asChild variant="primary">
              <Link to="/contacts/$id" params={{ id: contact.id }} onClick={onClose}>
                {t("identity.open", { name: contact.name })}
              </Link>
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
