import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useData } from "@/api/context";
import { mergePages } from "@/components/admin/pages";
import { Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";

/** The lineage: every row of every file that feeds this customer, unchanged. */
export function SourceRecords({ contactId, onClose }: { contactId: string; onClose: () => void }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const records = useInfiniteQuery({
    queryKey: ["source-records", contactId],
    queryFn: ({ pageParam }) => data.sourceRecords(contactId, { cursor: pageParam, limit: 25 }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("contact.sourceRecords")}
      description={t("contact.sourceRecordsHint")}
      className="max-w-3xl"
    >
      <div tabIndex={0} className="scrollbar-thin grid gap-3 overflow-y-auto p-5 outline-none">
        {records.isPending && <Skeleton className="w-2/3" />}
        {records.error && <ErrorState error={records.error} onRetry={() => void records.refetch()} />}
        {mergePages(records.data?.pages ?? []).map((record) => (
          <article key={record.id} className="rounded-lg border">
            <header className="flex flex-wrap items-baseline gap-x-3 border-b bg-sunken px-3 py-1.5 text-xs text-ink-2">
              <h3 className="font-medium text-ink">{record.source.name}</h3>
              {record.line !== null && (
                <span>{t("contact.line", { line: formats.number(record.line) })}</span>
              )}
              <span>{formats.dateTime(record.received_at)}</span>
              {record.import_id && (
                <Link
                  to="/imports/$id"
                  params={{ id: record.import_id }}
                  className="ml-auto text-accent-text hover:underline"
                >
                  {t("contact.openImport")}
                </Link>
              )}
            </header>
            <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 px-3 py-2 text-xs sm:grid-cols-[auto_minmax(0,1fr)_auto_minmax(0,1fr)]">
              {record.cells.map(({ column, value }) => (
                <div key={column} className="contents">
                  <dt className="text-ink-3">{column}</dt>
                  <dd className="truncate" title={value}>
                    {value || "—"}
                  </dd>
                </div>
              ))}
            </dl>
          </article>
        ))}
        {records.hasNextPage && (
          <Button
            className="justify-self-center"
            disabled={records.isFetchingNextPage}
            onClick={() => void records.fetchNextPage()}
          >
            {t("common.more")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
