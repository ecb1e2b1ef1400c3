import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import { useCallback } from "react";

import { useData } from "@/api/context";
import type { Home as HomeData } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { ChartFrame } from "@/components/charts/ChartFrame";
import { MonthlyChart } from "@/components/charts/MonthlyChart";
import { everyMonth } from "@/components/charts/months";
import { Card, Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Figures } from "@/components/ui/Figures";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { Actions } from "./Actions";
import { RecentImports } from "./RecentImports";
import { RunningJobs } from "./RunningJobs";
import { useMay } from "@/resources/session/useSession";
import { SegmentShares } from "./SegmentShares";

/** What to do now, then the numbers. */
export function Home() {
  const t = useT();
  const data = useData();
  const { data: home, error, refetch } = useQuery({ queryKey: keys.home, queryFn: () => data.home() });
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader title={t("nav.home")} />
      <PageBody>
        {home ? (
          <Content home={home} />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading />
        )}
      </PageBody>
    </div>
  );
}

function Content({ home }: { home: HomeData }) {
  const t = useT();
  const mayImport = useMay("import_files");
  if (home.totals.contacts === 0 && home.totals.orders === 0) {
    return (
      <>
        <EmptyState
          icon={<FileUp />}
          title={t("home.empty")}
          text={t("home.emptyHint")}
          action={
            mayImport && (
              <Button asChild variant="primary">
                <Link to="/imports">{t("imports.upload")}</Link>
              </Button>
            )
          }
        />
        <div className="mx-auto max-w-xl">
          <RunningJobs jobs={home.jobs} />
        </div>
      </>
    );
  }
  return (
    <div className="mx-auto grid max-w-6xl grid-cols-[minmax(0,1fr)] gap-4 p-4">
      <RunningJobs jobs={home.jobs} />
      <Actions actions={home.actions} />
      <Totals home={home} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
        <Revenue home={home} />
        <SegmentShares segments={home.segments} />
      </div>
      <RecentImports imports={home.recent_imports} />
    </div>
  );
}

function Totals({ home }: { home: HomeData }) {
  const t = useT();
  const formats = useFormats();
  const { totals } = home;
  return (
    <Figures
      figures={[
        {
          label: t("home.revenue"),
          value: formats.money(totals.revenue, "compact"),
          title: formats.money(totals.revenue),
          note: <OtherCurrencies currency={totals.revenue.currency} />,
        },
        { label: t("home.contacts"), value: formats.number(totals.contacts) },
        { label: t("home.orders"), value: formats.number(totals.orders) },
        { label: t("home.products"), value: formats.number(totals.products) },
        {
          label: t("home.events"),
          value: formats.compact(totals.events),
          title: formats.number(totals.events),
        },
      ]}
    />
  );
}

/** Amounts of several currencies do not add up; those left out of the figure are named. */
function OtherCurrencies({ currency }: { currency: string }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const { data: page } = useQuery({
    queryKey: keys.list("orders", "in-other-currencies", currency),
    queryFn: () =>
      data.list("orders", { filter: [{ field: "currency", op: "ne", value: currency }] }, { limit: 1 }),
    staleTime: 60_000,
  });
  const n = page?.items.length ? (page.estimate ?? page.items.length) : 0;
  if (n === 0) return null;
  return (
    <Link
      to="/orders"
      search={{ filter: [`currency:ne:${currency}`] }}
      className="text-accent-text hover:underline"
    >
      {t("home.otherCurrencies", { count: n, text: formats.number(n) })}
    </Link>
  );
}

function Revenue({ home }: { home: HomeData }) {
  const t = useT();
  const formats = useFormats();
  const { currency } = home.workspace;
  const countText = useCallback(
    (count: number) => t("chart.nOrders", { count, text: formats.number(count) }),
    [t, formats],
  );
  const monthly = everyMonth(home.revenue_by_month, (month) => ({
    month,
    amount_minor: 0,
    currency,
    n_orders: 0,
  }));
  const months = monthly.map(({ month, amount_minor, currency, n_orders }) => ({
    month,
    amount: { amount_minor, currency },
    count: n_orders,
  }));
  return (
    <Card>
      <ChartFrame
        title={t("home.revenueByMonth")}
        headers={[t("chart.month"), t("home.revenue"), t("chart.orders")]}
        rows={months.map((m) => [
          formats.month(m.month, "long"),
          formats.money(m.amount, "whole"),
          formats.number(m.count),
        ])}
      >
        <MonthlyChart label={t("home.revenueByMonth")} countText={countText} months={months} />
      </ChartFrame>
    </Card>
  );
}

function Loading() {
  const t = useT();
  return (
    <div role="status" aria-label={t("common.loading")} className="mx-auto grid max-w-6xl gap-4 p-4">
      {[40, 16, 60].map((height) => (
        <div key={height} className="grid gap-3 rounded-xl border p-5">
          <Skeleton className="w-40" />
          <Skeleton className="w-2/3" />
          <Skeleton className="w-1/2" />
        </div>
      ))}
    </div>
  );
}
