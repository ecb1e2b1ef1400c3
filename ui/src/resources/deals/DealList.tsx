import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";

import { useData } from "@/api/context";
import type { Deal, StageOutcome } from "@/api/types";
import type { Column } from "@/components/admin/columns";
import type { Filter } from "@/components/admin/filters";
import { ListPage } from "@/components/admin/ListPage";
import { useCreating } from "@/components/admin/useCreating";
import { useEdit } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { SEGMENT, SEGMENT_ON } from "@/components/ui/Segmented";
import { EmptyState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useOwnerFilterOptions } from "@/resources/pickers/options";
import { useReferenceFilters } from "@/resources/pickers/useReferenceFilters";
import { useMay } from "@/resources/session/useSession";
import { pipelinesQuery } from "./useBoard";

const DealCreate = lazy(() => import("./DealCreate"));

const OUTCOMES: StageOutcome[] = ["open", "won", "lost"];

export function DealList() {
  const t = useT();
  const data = useData();
  const edit = useEdit("deals");
  const mayWrite = useMay("create", "deal");
  const [isCreating, setCreating] = useCreating();
  const columns = useDealColumns();
  const filters = useDealFilters();
  const pipelines = useQuery(pipelinesQuery(data)).data ?? [];
  const byPipeline: Filter = {
    field: "pipeline_id",
    label: t("deal.pipeline"),
    kind: "choice",
    operators: ["eq", "ne"],
    options: pipelines.map(({ id, name }) => ({ value: id, label: name })),
  };
  const byOutcome: Filter = {
    field: "outcome",
    label: t("deal.outcome"),
    kind: "choice",
    operators: ["eq", "ne"],
    options: OUTCOMES.map((value) => ({ value, label: t(`deal.outcomeIs.${value}`) })),
  };
  const pipeline = pipelines[0];
  const create = mayWrite && pipeline && (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus />
      {t("deals.new")}
    </Button>
  );
  return (
    <>
      <ListPage
        resource="deals"
        title={t("nav.deals")}
        searchLabel={t("deals.search")}
        searchBy="name"
        columns={columns}
        filters={[byPipeline, byOutcome, ...filters]}
        defaultSort="-created_at"
        href={(deal) => `/deals/${deal.id}`}
        nameOf={(deal) => deal.name}
        onEdit={(deal, change, what) => void edit(deal, change, `${what} · ${deal.name}`)}
        actions={
          <>
            <ViewSwitch value="list" />
            {create}
          </>
        }
        empty={<EmptyState title={t("deals.empty")} text={t("deals.emptyHint")} action={create} />}
      />
      <Suspense>
        {mayWrite && isCreating && pipeline && (
          <DealCreate pipeline={pipeline} onClose={() => setCreating(false)} />
        )}
      </Suspense>
    </>
  );
}

/** Deals as columns or as rows. */
export function ViewSwitch({ value }: { value: "board" | "list" }) {
  const t = useT();
  const views = [
    ["board", "/deals"],
    ["list", "/deals/list"],
  ] as const;
  return (
    <nav aria-label={t("deals.view")} className="inline-flex rounded-md border bg-sunken p-px">
      {views.map(([view, to]) => (
        <Link
          key={view}
          to={to}
          {...(view === value ? { "aria-current": "page" as const } : {})}
          className={cn(SEGMENT, view === value ? SEGMENT_ON : "text-ink-2 hover:text-ink")}
        >
          {t(`deals.${view}`)}
        </Link>
      ))}
    </nav>
  );
}

/** By what deals are narrowed, on the board and in the list. */
export function useDealFilters(): Filter[] {
  const t = useT();
  const owners = useOwnerFilterOptions();
  const references = useReferenceFilters({
    contact_id: { resource: "contacts", label: t("order.customer") },
    company_id: { resource: "companies", label: t("contact.company") },
  });
  return [
    { field: "owner_id", label: t("contact.owner"), kind: "choice", options: owners },
    { field: "amount", label: t("deal.amount"), kind: "money" },
    { field: "stage_entered_at", label: t("deal.enteredAt"), kind: "date", operators: ["gte", "lt"] },
    { field: "created_at", label: t("deal.createdAt"), kind: "date", operators: ["gte", "lt"] },
    ...references,
  ];
}

function useDealColumns(): Column<Deal>[] {
  const t = useT();
  const formats = useFormats();
  return useMemo(() => {
    const grey = (text: string | null | undefined) => <span className="text-ink-2">{text}</span>;
    return [
      {
        id: "name",
        header: t("deal.name"),
        width: "minmax(16rem, 1.6fr)",
        isPinned: true,
        isSortable: true,
        cell: (deal) => <span className="block truncate">{deal.name}</span>,
        edit: {
          type: "text",
          text: (deal) => deal.name,
          change: (name) => ({ name: name.trim() }),
          isRequired: true,
        },
      },
      { id: "stage", header: t("deal.stage"), width: "9rem", cell: (deal) => deal.stage.name },
      {
        id: "amount",
        header: t("deal.amount"),
        width: "9rem",
        align: "right",
        isSortable: true,
        isOnPhone: true,
        cell: (deal) => deal.amount && formats.money(deal.amount, "whole"),
      },
      {
        id: "expected_close_on",
        header: t("deal.closeOn"),
        width: "9rem",
        isSortable: true,
        cell: (deal) => grey(deal.expected_close_on && formats.day(deal.expected_close_on)),
      },
      {
        id: "company",
        header: t("contact.company"),
        width: "minmax(9rem, 1fr)",
        cell: (deal) => grey(deal.company?.name),
      },
      {
        id: "contact",
        header: t("order.customer"),
        width: "minmax(9rem, 1fr)",
        cell: (deal) => grey(deal.contact?.name),
      },
      { id: "owner", header: t("contact.owner"), width: "8rem", cell: (deal) => grey(deal.owner?.name) },
      {
        id: "stage_entered_at",
        header: t("deal.enteredAt"),
        width: "9rem",
        isSortable: true,
        cell: (deal) => grey(formats.date(deal.stage_entered_at)),
      },
      {
        id: "created_at",
        header: t("deal.createdAt"),
        width: "9rem",
        isSortable: true,
        isHiddenAtFirst: true,
        cell: (deal) => grey(formats.date(deal.created_at)),
      },
    ];
  }, [t, formats]);
}
