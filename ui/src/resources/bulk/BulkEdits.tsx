import { useData } from "@/api/context";
import type { BulkEdit, OwnedKind } from "@/api/types";
import { Paged } from "@/components/admin/Paged";
import { usePages } from "@/components/admin/usePages";
import { Badge } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { grantOf, RESOURCE_OF } from "@/resources/access/accessModel";
import { useAccess } from "@/resources/session/useAccess";
import { useUser } from "@/resources/session/useSession";
import { Section } from "@/resources/settings/Section";
import { BULK_EDITS, useTakeBack } from "./useBulkRun";

/** Rows that are shown at first, and that each further page brings. */
const PAGE_SIZE = 5;

/** What was changed or deleted at once, the latest first, each with its way back. */
export default function BulkEdits() {
  const t = useT();
  const data = useData();
  const pages = usePages<BulkEdit>(BULK_EDITS, (request) => data.bulkEdits(request), PAGE_SIZE);
  return (
    <Section title={t("bulk.history")} hint={t("bulk.historyHint")}>
      <Paged pages={pages} empty={t("bulk.noHistory")} isEmpty={pages.rows.length === 0}>
        {pages.rows.length > 0 && (
          <ul aria-label={t("bulk.history")} className="divide-y rounded-lg border">
            {pages.rows.map((edit) => (
              <Row key={edit.id} edit={edit} />
            ))}
          </ul>
        )}
      </Paged>
    </Section>
  );
}

const isOver = ({ status }: BulkEdit) => status === "done" || status === "failed" || status === "cancelled";

function Row({ edit }: { edit: BulkEdit }) {
  const t = useT();
  const formats = useFormats();
  const user = useUser();
  const access = useAccess();
  // Nothing else is changed in bulk.
  const kind = edit.object as OwnedKind;
  const resource = RESOURCE_OF[kind];
  const takeBack = useTakeBack(resource);
  const isOwn = edit.created_by !== null && edit.created_by.id === user?.id;
  const mayUndo = isOwn || (access !== null && grantOf(access.policy, kind).write === "all");
  const count = edit.n_changed;
  const what = t(edit.is_deletion ? "bulk.deleted" : "bulk.done", { count, text: formats.number(count) });
  const facts = [t(`nav.${resource}`), edit.created_by?.name, formats.dateTime(edit.created_at)];
  return (
    <li className="flex items-center gap-3 px-3 py-2">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{what}</span>
        <span className="block text-xs break-words text-ink-2">{facts.filter(Boolean).join(" · ")}</span>
        {edit.error && <span className="block text-xs break-words text-danger">{edit.error}</span>}
      </span>
      <Badge>{t(`bulk.status.${edit.status}`)}</Badge>
      {mayUndo && isOver(edit) && edit.batches_done > 0 && (
        <Button aria-label={t("bulk.undoNamed", { what })} onClick={() => void takeBack(edit.id)}>
          {t("bulk.undo")}
        </Button>
      )}
    </li>
  );
}
