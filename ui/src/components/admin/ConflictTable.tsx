import type { ReactNode } from "react";

import type { BulkEditConflict, ImportConflict } from "@/api/types";
import { Badge } from "@/components/ui/bits";
import { Cell, HeadCell } from "@/components/ui/Table";
import { useT } from "@/i18n";
import { LinesTable } from "./LinesTable";
import { useFieldName } from "./useFieldName";
import type { useLines } from "./usePages";
import { useStoredText } from "./useStoredText";

interface ConflictTableProps<C> {
  lines: ReturnType<typeof useLines<C>>;
  labelledBy: string;
  /** Said where nothing was left. */
  empty: string;
  /** Of amounts, where all are of one. */
  currency?: string | null;
  /** Where a record has a page of its own, and what kind it is of where that is not plain. */
  placeOf: (conflict: C) => { page: string | null; kind?: string };
}

/** What an undo left as others have made it: what stood there, and what stands there now. */
export function ConflictTable<C extends BulkEditConflict | ImportConflict>({
  lines,
  labelledBy,
  empty,
  currency = null,
  placeOf,
}: ConflictTableProps<C>) {
  const t = useT();
  return (
    <LinesTable
      lines={lines}
      empty={empty}
      labelledBy={labelledBy}
      head={
        <>
          <HeadCell>{t("fields.conflict.record")}</HeadCell>
          <HeadCell>{t("fields.conflict.why")}</HeadCell>
          <HeadCell>{t("fields.conflict.field")}</HeadCell>
          <HeadCell>{t("fields.conflict.before")}</HeadCell>
          <HeadCell>{t("fields.conflict.now")}</HeadCell>
        </>
      }
    >
      {(conflict) => (
        <Row key={conflict.seq} conflict={conflict} currency={currency} {...placeOf(conflict)} />
      )}
    </LinesTable>
  );
}

interface RowProps {
  conflict: BulkEditConflict | ImportConflict;
  currency: string | null;
  page: string | null;
  kind?: string;
}

function Row({ conflict: { name, reason, field, before, found }, currency, page, kind }: RowProps) {
  const t = useT();
  const fieldName = useFieldName();
  const storedText = useStoredText();
  const value = (kept: string | null): ReactNode =>
    field === null || kept === null ? "—" : storedText(field, kept, currency);
  return (
    <tr>
      <Cell className="max-w-56 truncate">
        {page && name ? (
          <a className="text-accent" href={page}>
            {name}
          </a>
        ) : (
          name || t("fields.conflict.gone")
        )}
        {kind && <span className="ml-2 text-ink-3">{kind}</span>}
      </Cell>
      <Cell>
        <Badge tone="warn">{t(`fields.conflict.reason.${reason}`)}</Badge>
      </Cell>
      <Cell>{field === null ? "—" : fieldName(field)}</Cell>
      <Cell className="max-w-48 truncate">{value(before)}</Cell>
      <Cell className="max-w-48 truncate">{value(found)}</Cell>
    </tr>
  );
}
