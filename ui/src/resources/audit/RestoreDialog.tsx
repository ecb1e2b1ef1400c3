import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import type { AuditEntry } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { ConfirmDialog } from "@/resources/access/ConfirmDialog";
import { useFieldName } from "./useFieldName";

interface RestoreDialogProps {
  entry: AuditEntry;
  name: string;
  onClose: () => void;
}

/** The field that a pointer names: `/custom/level` is `custom.level`. */
const fieldOf = ({ pointer }: { pointer: string }) => pointer.slice(1).replaceAll("/", ".");

/** Asks before a change is set back, and says there what stands against it. */
export function RestoreDialog({ entry, name, onClose }: RestoreDialogProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const formats = useFormats();
  const fieldName = useFieldName();
  const restore = useMutation({
    mutationFn: () => data.restoreAudit(entry.id),
    onSuccess: async ({ outcome }) => {
      toast.success(t(`audit.restored.${outcome}`, { name }));
      onClose();
      // It may stand in any list and on any page.
      await client.invalidateQueries();
    },
  });
  const fields = restore.error instanceof ApiError ? restore.error.violations.map(fieldOf) : [];
  const stands = fields.filter((field) => field !== "").map(fieldName);
  const what = entry.action === "created" || entry.action === "deleted" ? entry.action : "updated";
  return (
    <ConfirmDialog
      title={t("audit.restoreConfirm")}
      effect={
        stands.length > 0
          ? t("audit.changedFields", { fields: formats.list(stands) })
          : t(`audit.restoreEffect.${what}`, { name })
      }
      action={t("audit.restore")}
      isPending={restore.isPending}
      error={restore.error}
      onConfirm={() => restore.mutate()}
      onClose={onClose}
    />
  );
}
