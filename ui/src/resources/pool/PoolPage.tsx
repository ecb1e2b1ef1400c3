import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { LifeBuoy } from "lucide-react";

import { useData } from "@/api/context";
import type { OwnedKind, Pool } from "@/api/types";
import { Card, Meter, Skeleton } from "@/components/ui/bits";
import { Segmented } from "@/components/ui/Segmented";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { poolsQuery } from "@/resources/access/useRights";
import { PoolRecords } from "./PoolRecords";

type OpenPool = Pool & { object: OwnedKind };

const isOpen = (pool: Pool): pool is OpenPool => pool.may_claim;

/** What is nobody's, by kind, to be claimed. */
export function PoolPage() {
  const t = useT();
  const data = useData();
  const navigate = useNavigate();
  const { kind } = useSearch({ strict: false }) as { kind?: string };
  const pools = useQuery(poolsQuery(data));
  const open = pools.data?.filter(isOpen);
  const pool = open?.find(({ object }) => object === kind) ?? open?.[0];
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader title={t("pool.title")} />
      <PageBody>
        <div className="mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-4 p-4">
          <p className="text-ink-2">{t("pool.hint")}</p>
          {pools.error && <ErrorState error={pools.error} onRetry={() => void pools.refetch()} />}
          {pools.isPending && (
            <div role="status" aria-label={t("common.loading")}>
              <Skeleton className="w-64" />
            </div>
          )}
          {open && !pool && (
            <EmptyState icon={<LifeBuoy />} title={t("pool.closed")} text={t("pool.closedHint")} />
          )}
          {open && pool && (
            <>
              <div className="max-w-full justify-self-start overflow-x-auto">
                <Segmented
                  label={t("pool.kinds")}
                  options={open.map(({ object }) => ({ value: object, label: t(`rights.kind.${object}`) }))}
                  value={pool.object}
                  onChange={(next) => void navigate({ to: "/pool", search: { kind: next }, replace: true })}
                />
              </div>
              <Standing pool={pool} />
              <Card>
                <PoolRecords key={pool.object} kind={pool.object} isFull={isFull(pool)} />
              </Card>
            </>
          )}
        </div>
      </PageBody>
    </div>
  );
}

const isFull = ({ n_owned, n_owned_max }: Pool) => n_owned_max !== null && n_owned >= n_owned_max;

/** Where the reader stands with the rule of a pool. */
function Standing({ pool }: { pool: Pool }) {
  const t = useT();
  const formats = useFormats();
  const text = formats.number(pool.n_owned);
  const owned =
    pool.n_owned_max === null
      ? t("pool.owned", { text })
      : t("pool.ownedOf", { text, max: formats.number(pool.n_owned_max) });
  return (
    <div className="grid gap-1.5">
      <p>{owned}</p>
      {pool.n_owned_max !== null && (
        <Meter
          className="max-w-64"
          label={owned}
          share={pool.n_owned / pool.n_owned_max}
          {...(isFull(pool) ? { color: "var(--warn)" } : {})}
        />
      )}
      {isFull(pool) && <p className="text-warn">{t("pool.full")}</p>}
      {pool.return_after_days !== null && (
        <p className="text-xs text-ink-2">{t("pool.returns", { count: pool.return_after_days })}</p>
      )}
    </div>
  );
}
