import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, RadioTower } from "lucide-react";
import { useState } from "react";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Card, Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { useMay } from "@/resources/session/useSession";
import { DayStrip, StripLegend } from "./DayStrip";
import { LedgerTable } from "./LedgerTable";
import { lastDays, rowsOf, type SourceRow } from "./ledgerModel";
import { NewSource } from "./NewSource";
import { WriteKeys } from "./WriteKeys";

const N_DAYS = 30;

/** Where data comes from, whether all of it arrived, and the keys that let it in. */
export function SourcesPage() {
  const t = useT();
  const data = useData();
  const mayAdminister = useMay("manage_sources");
  const navigate = useNavigate();
  const { source: chosenId } = useSearch({ strict: false }) as { source?: string };
  const [isAdding, setIsAdding] = useState(false);
  const [days] = useState(() => lastDays(Date.now(), N_DAYS));
  const sources = useQuery({ queryKey: keys.sources, queryFn: () => data.sources() });
  const ledger = useQuery({
    queryKey: keys.ledger(days[0]!),
    queryFn: () => data.ledger(days[0]!, days.at(-1)!),
  });
  const choose = (id: string) => void navigate({ to: "/sources", search: { source: id }, replace: true });
  const rows = sources.data && ledger.data && rowsOf(sources.data, ledger.data, days);
  const failed = sources.error ?? ledger.error;
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader
        title={t("nav.sources")}
        actions={
          mayAdminister && (
            <Button variant="primary" onClick={() => setIsAdding(true)}>
              <Plus />
              {t("sources.add")}
            </Button>
          )
        }
      />
      <PageBody>
        {failed ? (
          <ErrorState
            error={failed}
            onRetry={() => void Promise.all([sources.refetch(), ledger.refetch()])}
          />
        ) : !rows ? (
          <div role="status" aria-label={t("common.loading")} className="grid gap-4 p-6">
            <Skeleton className="w-1/3" />
            <Skeleton className="w-2/3" />
          </div>
        ) : rows.length === 0 ? (
          <EmptyState icon={<RadioTower />} title={t("sources.empty")} text={t("sources.emptyHint")} />
        ) : (
          <SourceList rows={rows} chosenId={chosenId ?? null} />
        )}
      </PageBody>
      {isAdding && (
        <NewSource onMade={(id) => (setIsAdding(false), choose(id))} onClose={() => setIsAdding(false)} />
      )}
    </div>
  );
}

function SourceList({ rows, chosenId }: { rows: SourceRow[]; chosenId: string | null }) {
  const t = useT();
  const formats = useFormats();
  const chosen = rows.find(({ source }) => source.id === chosenId);
  return (
    <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4 p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-ink-2">{t("sources.lastDays", { text: formats.number(N_DAYS) })}</p>
        <StripLegend />
      </div>
      <Card>
        <ul className="divide-y">
          {rows.map((row) => (
            <li key={row.source.id}>
              <SourceLine row={row} isChosen={row === chosen} />
            </li>
          ))}
        </ul>
      </Card>
      {chosen && <SourceDetail key={chosen.source.id} row={chosen} />}
    </div>
  );
}

function SourceLine({ row, isChosen }: { row: SourceRow; isChosen: boolean }) {
  const t = useT();
  const formats = useFormats();
  const verdict =
    row.missing > 0
      ? t("sources.incomplete", { count: row.missing, text: formats.number(row.missing) })
      : t(row.seen > 0 ? "sources.complete" : "sources.nothing");
  return (
    <div
      className={cn(
        "grid grid-cols-[minmax(10rem,1fr)_minmax(0,2fr)_5rem] items-center gap-4 px-4 py-2 phone:grid-cols-[minmax(0,1fr)_4rem]",
        isChosen && "bg-selected",
      )}
    >
      <div className="min-w-0">
        <Link
          to="/sources"
          search={{ source: row.source.id }}
          replace
          aria-current={isChosen ? "true" : undefined}
          className="block truncate font-medium hover:underline"
        >
          {row.source.name}
        </Link>
        <p className={cn("truncate text-xs", row.missing > 0 ? "text-bad" : "text-ink-2")}>{verdict}</p>
      </div>
      <div className="phone:order-last phone:col-span-2">
        <DayStrip row={row} />
      </div>
      <p className="numeric text-right" title={t("sources.seen")}>
        {formats.compact(row.seen)}
      </p>
    </div>
  );
}

function SourceDetail({ row }: { row: SourceRow }) {
  const t = useT();
  const mayAdminister = useMay("manage_sources");
  return (
    <Card className="grid grid-cols-[minmax(0,1fr)] gap-5 p-5">
      <h2 className="text-base font-semibold">{row.source.name}</h2>
      {mayAdminister && <WriteKeys source={row.source} />}
      {row.days.length > 0 ? (
        <LedgerTable name={row.source.name} days={row.days} />
      ) : (
        <p className="text-ink-2">{t("sources.nothing")}</p>
      )}
    </Card>
  );
}
