import { useInfiniteQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { Import, ImportConflict } from "@/api/types";
import { Badge, Card, CardTitle, Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/StateView";
import { Cell, HeadCell, Table } from "@/components/ui/Table";
import { useT } from "@/i18n";

/** What an undo left as others have made it; nothing where it left nothing. */
export function Conflicts({ one }: { one: Import }) {
  const t = useT();
  const data = useData();
  const rows = useInfiniteQuery({
    queryKey: ["import-conflicts", one.id, one.status],
    queryFn: ({ pageParam }) => data.importConflicts(one.id, { cursor: pageParam, limit: 50 }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  if (rows.isPending) return <Skeleton className="w-1/2" />;
  if (rows.error) return <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />;
  const conflicts = rows.data.pages.flatMap((page) => page.items);
  if (conflicts.length === 0) return null;
  return (
    <Card>
      <CardTitle id="conflicts">{t("undoImport.conflicts")}</CardTitle>
      <p className="px-4 pb-2 text-ink-2">{t("undoImport.conflictsHint")}</p>
      <Table
        labelledBy="conflicts"
        className="max-h-96"
        tableClassName="min-w-2xl"
        head={
          <>
            <HeadCell>{t("undoImport.record")}</HeadCell>
            <HeadCell>{t("undoImport.why")}</HeadCell>
            <HeadCell>{t("undoImport.field")}</HeadCell>
            <HeadCell>{t("undoImport.before")}</HeadCell>
            <HeadCell>{t("undoImport.now")}</HeadCell>
          </>
        }
      >
        {conflicts.map((conflict) => (
          <Row key={conflict.seq} conflict={conflict} />
        ))}
      </Table>
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

/** Kinds of records that have a page of their own. */
const PAGES = new Set(["contacts", "companies", "products", "orders", "tickets", "campaigns", "deals"]);

function Row({ conflict }: { conflict: ImportConflict }) {
  const t = useT();
  const name = conflict.name || t("undoImport.gone");
  return (
    <tr>
      <Cell className="max-w-56 truncate">
        {PAGES.has(conflict.kind) && conflict.name ? (
          <a className="text-accent" href={`/${conflict.kind}/${conflict.record_id}`}>
            {name}
          </a>
        ) : (
          name
        )}
        <span className="ml-2 text-ink-3">{t(`undoImport.kind.${conflict.kind}`)}</span>
      </Cell>
      <Cell>
        <Badge tone="warn">{t(`undoImport.reason.${conflict.reason}`)}</Badge>
      </Cell>
      <Cell>{conflict.field ?? "—"}</Cell>
      <Cell className="max-w-48 truncate">{conflict.before ?? "—"}</Cell>
      <Cell className="max-w-48 truncate">{conflict.found ?? "—"}</Cell>
    </tr>
  );
}
