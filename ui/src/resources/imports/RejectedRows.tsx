import { useInfiniteQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useData } from "@/api/context";
import type { Import, RejectedRow } from "@/api/types";
import { Badge, Card, CardTitle, Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useReasonName } from "./ImportCounts";

/** The rows that were not taken, each with its line, column, value and reason; also as a file. */
export function RejectedRows({ one }: { one: Import }) {
  const t = useT();
  const data = useData();
  const rows = useInfiniteQuery({
    queryKey: ["rejected-rows", one.id, one.status],
    queryFn: ({ pageParam }) => data.rejectedRows(one.id, { cursor: pageParam, limit: 50 }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const head = "sticky top-0 border-b bg-raised px-4 py-2 text-left text-xs font-medium text-ink-2";
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
      {rows.isPending && (
        <div className="px-4 pb-4">
          <Skeleton className="w-1/2" />
        </div>
      )}
      {rows.error && <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />}
      <div className="scrollbar-thin max-h-96 overflow-auto" tabIndex={0}>
        <table className="w-full min-w-2xl" aria-labelledby="rejected">
          <thead>
            <tr>
              <th scope="col" className={`${head} w-20 text-right`}>
                {t("imports.line")}
              </th>
              <th scope="col" className={head}>
                {t("imports.column")}
              </th>
              <th scope="col" className={head}>
                {t("imports.value")}
              </th>
              <th scope="col" className={head}>
                {t("imports.reasonTitle")}
              </th>
              <th scope="col" className={head}>
                {t("imports.whatToDo")}
              </th>
            </tr>
          </thead>
          <tbody className="[&>tr:last-child>*]:border-b-0">
            {rows.data?.pages
              .flatMap((page) => page.items)
              .map((row) => (
                <Row key={`${row.line}-${row.column}`} row={row} />
              ))}
          </tbody>
        </table>
      </div>
      {rows.hasNextPage && (
        <div className="px-4 py-3">
          <Button size="sm" disabled={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Row({ row }: { row: RejectedRow }) {
  const formats = useFormats();
  const reasonName = useReasonName();
  const { t, i18n } = useTranslation();
  const whatToDo = ({ reason, message }: RejectedRow) =>
    i18n.exists(`imports.mend.${reason}`) ? t(`imports.mend.${reason}`, { detail: message }) : message;
  const cell = "border-b px-4 py-2";
  return (
    <tr title={row.cells.join(" | ")}>
      <td className={`${cell} numeric text-right text-ink-2`}>{formats.number(row.line)}</td>
      <td className={cell}>{row.column ?? "—"}</td>
      <td className={`${cell} max-w-48 truncate`}>
        {row.value === null || row.value === "" ? (
          <span className="text-ink-3">—</span>
        ) : (
          <code className="rounded bg-sunken px-1">{row.value}</code>
        )}
      </td>
      <td className={cell}>
        <Badge tone="bad">{reasonName(row.reason)}</Badge>
      </td>
      <td className={`${cell} text-ink-2`} title={row.message}>
        {whatToDo(row)}
      </td>
    </tr>
  );
}
