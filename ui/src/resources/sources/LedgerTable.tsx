import type { LedgerDay } from "@/api/types";
import { Cell, HeadCell, RowHead, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { nMissing, nRefused } from "./ledgerModel";
import { useReasonText } from "./useReasonText";

/** What came on each day and what became of it, in figures. */
export function LedgerTable({ name, days }: { name: string; days: LedgerDay[] }) {
  const t = useT();
  const formats = useFormats();
  return (
    <Table
      caption={t("sources.daysOf", { name })}
      tableClassName="min-w-xl"
      head={
        <>
          <HeadCell>{t("sources.day")}</HeadCell>
          <HeadCell>{t("sources.channel")}</HeadCell>
          <HeadCell isFigure>{t("sources.seen")}</HeadCell>
          <HeadCell isFigure>{t("sources.stored")}</HeadCell>
          <HeadCell isFigure>{t("sources.duplicate")}</HeadCell>
          <HeadCell>{t("sources.rejected")}</HeadCell>
          <HeadCell isFigure>{t("sources.missing")}</HeadCell>
        </>
      }
    >
      {days.map((day) => (
        <tr key={`${day.day} ${day.channel}`}>
          <RowHead>{formats.day(day.day)}</RowHead>
          <Cell>{t(`sources.channels.${day.channel}`)}</Cell>
          <Cell isFigure>{formats.number(day.seen)}</Cell>
          <Cell isFigure>{formats.number(day.stored)}</Cell>
          <Cell isFigure>{formats.number(day.duplicate)}</Cell>
          <Cell>
            <Refused day={day} />
          </Cell>
          <Cell isFigure className={day.is_complete ? "" : "font-semibold text-bad"}>
            {formats.number(nMissing(day))}
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

function Refused({ day }: { day: LedgerDay }) {
  const formats = useFormats();
  const reasonText = useReasonText();
  if (nRefused(day) === 0) return formats.number(0);
  return (
    <ul className="text-warn">
      {Object.entries(day.rejected).map(([reason, count]) => (
        <li key={reason}>
          <span className="numeric">{formats.number(count)}</span> {reasonText(reason)}
        </li>
      ))}
    </ul>
  );
}
