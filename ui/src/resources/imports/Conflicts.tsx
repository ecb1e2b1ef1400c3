import { useData } from "@/api/context";
import type { Import, ImportConflict } from "@/api/types";
import { ConflictTable } from "@/components/admin/ConflictTable";
import { useLines } from "@/components/admin/usePages";
import { Card, CardTitle } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { currencyOfFile } from "./mappingModel";

/** Kinds of records that have a page of their own. */
const PAGES = new Set(["contacts", "companies", "products", "orders", "tickets", "campaigns", "deals"]);

/** What an undo left as others have made it; nothing where it left nothing. */
export function Conflicts({ one }: { one: Import }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const lines = useLines<ImportConflict>(
    ["import-conflicts", one.id, one.status],
    (request) => data.importConflicts(one.id, request),
    50,
  );
  if (lines.isSuccess && lines.rows.length === 0) return null;
  return (
    <Card>
      <CardTitle id="conflicts">{t("undoImport.conflicts")}</CardTitle>
      <p className="px-4 pb-2 text-ink-2">{t("undoImport.conflictsHint")}</p>
      <ConflictTable
        lines={lines}
        labelledBy="conflicts"
        empty={t("undoImport.noConflicts")}
        currency={currencyOfFile(one, formats.currency)}
        placeOf={({ kind, record_id }) => ({
          page: PAGES.has(kind) ? `/${kind}/${record_id}` : null,
          kind: t(`undoImport.kind.${kind}`),
        })}
      />
    </Card>
  );
}
