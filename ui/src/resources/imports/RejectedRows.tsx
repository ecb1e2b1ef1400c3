import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useData } from "@/api/context";
import type { Import, RejectedRow } from "@/api/types";
import { LinesTable } from "@/components/admin/LinesTable";
import { useLines } from "@/components/admin/usePages";
import { Badge, Card, CardTitle } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Cell, HeadCell } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { useReasonName } from "./ImportCounts";

/** The rows that were not taken, each with its line, column, value and reason; also as a file. */
export function RejectedRows({ one }: { one: Import }) {
  const t = useT();
  const data = useData();
  const lines = useLines<RejectedRow>(
    ["rejected-rows", one.id, one.status],
    (request) => data.rejectedRows(one.id, request),
    50,
  );
  return (
    <Card>
      <CardTitle
        id="rejected"
        action={
          <Button asChild size="sm">
            <a href={data.rejectedFileHref(one.id)} download>
              <Download />
              {t("imports.download")}
            </a>
          </Button>
        }
      >
        {t("imports.rejectedRows")}
      </CardTitle>
      <p className="px-4 pb-2 text-ink-2">{t("imports.rejectedHint")}</p>
      <LinesTable
        lines={lines}
        empty={t("imports.noneRejected")}
        labelledBy="rejected"
        head={
          <>
            <HeadCell isFigure className="w-20">
              {t("imports.line")}
            </HeadCell>
            <HeadCell>{t("imports.column")}</HeadCell>
            <HeadCell>{t("imports.value")}</HeadCell>
            <HeadCell>{t("imports.reasonTitle")}</HeadCell>
            <HeadCell>{t("imports.whatToDo")}</HeadCell>
          </>
        }
      >
        {(row) => <Row key={`${row.line}-${row.column}`} row={row} />}
      </LinesTable>
    </Card>
  );
}

function Row({ row }: { row: RejectedRow }) {
  const formats = useFormats();
  const reasonName = useReasonName();
  const { t, i18n } = useTranslation();
  const whatToDo = ({ reason, message }: RejectedRow) =>
    i18n.exists(`importing.mend.${reason}`) ? t(`importing.mend.${reason}`, { detail: message }) : message;
  return (
    <tr title={row.cells.join(" | ")}>
      <Cell isFigure className="text-ink-2">
        {formats.number(row.line)}
      </Cell>
      <Cell>{row.column ?? "—"}</Cell>
      <Cell className="max-w-48 truncate">
        {row.value === null || row.value === "" ? (
          <span className="text-ink-3">—</span>
        ) : (
          <code className="rounded bg-sunken px-1">{row.value}</code>
        )}
      </Cell>
      <Cell>
        <Badge tone="bad">{reasonName(row.reason)}</Badge>
      </Cell>
      <Cell className="text-ink-2" title={row.message}>
        {whatToDo(row)}
      </Cell>
    </tr>
  );
}
