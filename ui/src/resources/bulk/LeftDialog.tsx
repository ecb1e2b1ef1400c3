import { useId } from "react";

import { useData } from "@/api/context";
import type { EditResource } from "@/api/dataProvider";
import type { BulkEditConflict } from "@/api/types";
import { ConflictTable } from "@/components/admin/ConflictTable";
import { useLines } from "@/components/admin/usePages";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/i18n";
import { BULK_EDITS } from "./useBulkRun";

interface LeftDialogProps {
  id: string;
  resource: EditResource;
  what: string;
  onClose: () => void;
}

/** What the undo of a bulk edit left as others have made it since. */
export default function LeftDialog({ id, resource, what, onClose }: LeftDialogProps) {
  const t = useT();
  const data = useData();
  const heading = useId();
  const lines = useLines<BulkEditConflict>(
    [...BULK_EDITS, id, "conflicts"],
    (request) => data.bulkConflicts(id, request),
    50,
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("bulk.leftNamed", { what })}
      description={t("bulk.leftHint")}
      className="max-w-4xl"
    >
      <h3 id={heading} className="sr-only">
        {t("bulk.left")}
      </h3>
      <div className="min-h-0 overflow-y-auto py-3">
        <ConflictTable
          lines={lines}
          labelledBy={heading}
          empty={t("bulk.nothingLeft")}
          placeOf={({ record_id }) => ({
            page: resource === "tasks" ? null : `/${resource}/${record_id}`,
          })}
        />
      </div>
    </Dialog>
  );
}
