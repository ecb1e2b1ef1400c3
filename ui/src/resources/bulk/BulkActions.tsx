import { ListChecks, PencilLine, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { BulkTarget, EditResource } from "@/api/dataProvider";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { grantOf, kindOf } from "@/resources/access/accessModel";
import { useAccess } from "@/resources/session/useAccess";

const BulkDialog = lazy(() => import("./BulkDialog"));
const DeleteDialog = lazy(() => import("./DeleteDialog"));

export interface BulkActionsProps {
  resource: EditResource;
  target: BulkTarget;
  /** How many records are selected. */
  n: number;
  /** All that the list's filters find; null where all are selected. */
  all: { count: number; isExact: boolean } | null;
  onAll: () => void;
  onDone: () => void;
}

/** What can be done with the selected rows of a list, or with all that its filters find. */
export default function BulkActions({ resource, target, n, all, onAll, onDone }: BulkActionsProps) {
  const t = useT();
  const formats = useFormats();
  const access = useAccess();
  const [open, setOpen] = useState<"set" | "delete" | null>(null);
  const kind = kindOf(resource);
  const mayDelete = access === null || (kind !== undefined && grantOf(access.policy, kind).delete !== "none");
  const shared = {
    resource,
    target,
    about: n,
    onStarted: () => (setOpen(null), onDone()),
    onClose: () => setOpen(null),
  };
  return (
    <>
      {all && all.count > n && (
        <Button variant="ghost" onClick={onAll}>
          <ListChecks />
          {t(all.isExact ? "bulk.all" : "bulk.allAbout", { text: formats.number(all.count) })}
        </Button>
      )}
      <Button onClick={() => setOpen("set")}>
        <PencilLine />
        {t("bulk.set")}
      </Button>
      {mayDelete && (
        <Button variant="danger" onClick={() => setOpen("delete")}>
          <Trash2 />
          {t("bulk.delete")}
        </Button>
      )}
      <Suspense>
        {open === "set" && <BulkDialog {...shared} />}
        {open === "delete" && <DeleteDialog {...shared} />}
      </Suspense>
    </>
  );
}
