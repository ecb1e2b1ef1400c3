import { Link } from "@tanstack/react-router";
import { LifeBuoy } from "lucide-react";

import { useData } from "@/api/context";
import type { Page, PageRequest } from "@/api/dataProvider";
import type { OwnedKind } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Paged } from "@/components/admin/Paged";
import { usePages } from "@/components/admin/usePages";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { RESOURCE_OF } from "@/resources/access/accessModel";
import { Refusal } from "@/resources/access/Refusal";
import { useClaim } from "@/resources/access/useClaim";
import { pooledOf, type PooledRow } from "./poolModel";

const NOBODYS = { filter: [{ field: "owner_id", op: "is_null" as const, value: "" }] };

/** The records of one pool, each with its button; a refusal stands at the record that it is about. */
export function PoolRecords({ kind, isFull }: { kind: OwnedKind; isFull: boolean }) {
  const t = useT();
  const data = useData();
  const resource = RESOURCE_OF[kind];
  const pages = usePages<PooledRow>(
    keys.list(resource, "pool"),
    (request: PageRequest): Promise<Page<PooledRow>> => data.list(resource, NOBODYS, request),
    50,
  );
  if (pages.isSuccess && pages.rows.length === 0) {
    return <EmptyState icon={<LifeBuoy />} title={t("pool.empty")} text={t("pool.emptyHint")} />;
  }
  return (
    <Paged pages={pages} isEmpty={false} empty="">
      <ul aria-label={t("pool.title")} className="divide-y">
        {pages.rows.map((row) => (
          <PoolLine key={row.id} kind={kind} row={row} isFull={isFull} />
        ))}
      </ul>
    </Paged>
  );
}

function PoolLine({ kind, row, isFull }: { kind: OwnedKind; row: PooledRow; isFull: boolean }) {
  const t = useT();
  const formats = useFormats();
  const { claim } = useClaim(kind);
  const { name, note, activeAt } = pooledOf(row);
  const facts = [note, activeAt && t("pool.activeAt", { ago: formats.ago(activeAt, Date.now()) })];
  const title = "block truncate font-medium";
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-1 px-4 py-2">
      <div className="flex items-center gap-3">
        <span className="min-w-0 flex-1">
          {kind === "task" ? (
            <span className={title}>{name}</span>
          ) : (
            <Link
              to={`/${RESOURCE_OF[kind]}/$id`}
              params={{ id: row.id }}
              className={`${title} hover:underline`}
            >
              {name}
            </Link>
          )}
          <span className="block truncate text-xs text-ink-2">{facts.filter(Boolean).join(" · ")}</span>
        </span>
        <Button
          aria-label={t("pool.claimNamed", { name })}
          disabled={isFull || claim.isPending}
          onClick={() => claim.mutate({ id: row.id, name })}
        >
          {t("pool.claim")}
        </Button>
      </div>
      <Refusal error={claim.error} />
    </li>
  );
}
