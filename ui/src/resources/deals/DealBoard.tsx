import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import { lazy, Suspense, useCallback, useDeferredValue, useId, useMemo, useRef, useState } from "react";

import { useData } from "@/api/context";
import type { Deal, Pipeline } from "@/api/types";
import { FilterBar } from "@/components/admin/FilterBar";
import { toListQuery, type ListSearch } from "@/components/admin/listState";
import { SearchField } from "@/components/admin/SearchField";
import { useCreating } from "@/components/admin/useCreating";
import { useEdit } from "@/components/admin/useEdit";
import { useListSearch } from "@/components/admin/useList";
import { Skeleton } from "@/components/ui/bits";
import { Button, IconButton } from "@/components/ui/Button";
import { Select } from "@/components/ui/fields";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { PageHeader } from "@/layout/PageHeader";
import { useMay } from "@/resources/session/useSession";
import { Amounts } from "./BoardColumn";
import { BoardColumns } from "./BoardColumns";
import { columnsOf, stageIdOf, totalsOf, type BoardData, type Lifted } from "./dealModel";
import { useDealFilters, ViewSwitch } from "./DealList";
import { MoveDialog } from "./MoveDialog";
import { PipelineDialog } from "./PipelineDialog";
import { BOARD_SORT, pipelinesQuery, useBoard } from "./useBoard";

const DealCreate = lazy(() => import("./DealCreate"));

type BoardSearch = ListSearch & { pipeline?: string };

/** A pipeline as columns of cards: every deal where it stands, and what each stage is worth. */
export function DealBoard() {
  const t = useT();
  const data = useData();
  const mayWrite = useMay("write", "deal");
  const mayCreate = useMay("create", "deal");
  const mayArrange = useMay("arrange_pipelines");
  const [search, setSearch] = useListSearch() as [BoardSearch, (next: BoardSearch) => void, ListSearch];
  const [isCreating, setCreating] = useCreating();
  const [dialog, setDialog] = useState<"edit" | "new" | null>(null);
  const filters = useDealFilters();
  const pipelines = useQuery(pipelinesQuery(data));
  const pipeline = pipelines.data?.find(({ id }) => id === search.pipeline) ?? pipelines.data?.[0];
  const { pipeline: _, ...narrowing } = search;
  const asked = JSON.stringify(narrowing);
  // The same object while the same is asked.
  const query = useMemo(() => toListQuery(JSON.parse(asked) as ListSearch, BOARD_SORT, "name"), [asked]);
  const board = useBoard(pipeline?.id, query);
  // Many cards are drawn at first: in the time between others, so that nothing waits for them.
  const isDue = useDeferredValue(board.data !== undefined, false);
  const choose = (id: string) => setSearch({ ...search, pipeline: id });

  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_auto_minmax(0,1fr)]">
      <PageHeader
        title={t("nav.deals")}
        actions={
          <>
            <ViewSwitch value="board" />
            {mayCreate && pipeline && (
              <Button variant="primary" onClick={() => setCreating(true)}>
                <Plus />
                {t("deals.new")}
              </Button>
            )}
          </>
        }
      />
      <div className="flex flex-wrap items-center gap-1.5 border-b px-4 py-1.5">
        {pipeline && (
          <PipelineChoice
            all={pipelines.data ?? []}
            value={pipeline.id}
            onChange={choose}
            onNew={() => setDialog("new")}
            onEdit={() => setDialog("edit")}
          />
        )}
        <SearchField
          label={t("deals.search")}
          value={search.q ?? ""}
          onChange={(q) => setSearch({ ...search, q })}
        />
        <FilterBar filters={filters} search={search} onSearch={setSearch} />
        {board.data && <BoardTotals board={board.data} />}
      </div>
      {pipelines.error || (board.error && !board.data) ? (
        <ErrorState
          error={pipelines.error ?? board.error}
          onRetry={() => void (pipelines.error ? pipelines.refetch() : board.refetch())}
          action={asked !== "{}" && <Button onClick={() => setSearch({})}>{t("list.clearAll")}</Button>}
        />
      ) : pipelines.data?.length === 0 ? (
        <EmptyState
          title={t("deals.noPipeline")}
          text={t("deals.noPipelineHint")}
          action={mayArrange && <Button onClick={() => setDialog("new")}>{t("pipelines.new")}</Button>}
        />
      ) : board.data && isDue ? (
        <MovableBoard
          key={board.data.pipeline.id}
          board={board.data}
          mayMove={mayWrite}
          onLoadMore={board.loadMore}
        />
      ) : (
        <LoadingColumns label={t("common.loading")} />
      )}
      <Suspense>
        {mayCreate && isCreating && pipeline && (
          <DealCreate pipeline={pipeline} onClose={() => setCreating(false)} />
        )}
      </Suspense>
      {dialog && (
        <PipelineDialog
          {...(dialog === "edit" && pipeline ? { pipeline } : {})}
          onSaved={choose}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}

interface MovableBoardProps {
  board: BoardData;
  mayMove: boolean;
  onLoadMore: (stageId: string) => void;
}

/** The columns, and what moves a deal from one to another. */
function MovableBoard({ board, mayMove, onLoadMore }: MovableBoardProps) {
  const t = useT();
  const edit = useEdit("deals");
  const instructionsId = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [lifted, setLifted] = useState<Lifted | null>(null);
  // What was put down stays there until the cache shows it there, too.
  const [held, setHeld] = useState<Lifted | null>(null);
  const [choosing, setChoosing] = useState<Deal | null>(null);
  const columns = useMemo(() => columnsOf(board, lifted ?? held), [board, lifted, held]);
  const stages = board.pipeline.stages;

  const move = useCallback(
    async (deal: Deal, stageId: string) => {
      const stage = stages.find(({ id }) => id === stageId);
      if (!stage || stageIdOf(deal) === stageId) return;
      setHeld({ id: deal.id, stageId });
      await edit(deal, { stage_id: stageId }, t("deals.moved", { name: deal.name, stage: stage.name }));
      setHeld((now) => (now?.id === deal.id && now.stageId === stageId ? null : now));
    },
    [edit, stages, t],
  );
  return (
    <>
      <BoardColumns
        columns={columns}
        frame={frame}
        lifted={lifted}
        onLift={setLifted}
        onDrop={move}
        onMove={setChoosing}
        onLoadMore={onLoadMore}
        instructionsId={mayMove ? instructionsId : null}
      />
      <p id={instructionsId} className="sr-only">
        {t("deals.instructions")}
      </p>
      {choosing && (
        <MoveDialog
          deal={choosing}
          stages={stages}
          onMove={(stageId) => void move(choosing, stageId)}
          onClose={() => setChoosing(null)}
        />
      )}
    </>
  );
}

interface PipelineChoiceProps {
  all: Pipeline[];
  value: string;
  onChange: (id: string) => void;
  onNew: () => void;
  onEdit: () => void;
}

function PipelineChoice({ all, value, onChange, onNew, onEdit }: PipelineChoiceProps) {
  const t = useT();
  const mayArrange = useMay("arrange_pipelines");
  return (
    <span className="flex items-center gap-0.5">
      <Select
        aria-label={t("pipelines.choose")}
        className="w-auto max-w-48"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {all.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      {mayArrange && (
        <>
          <IconButton label={t("pipelines.edit")} onClick={onEdit}>
            <Pencil />
          </IconButton>
          <IconButton label={t("pipelines.new")} onClick={onNew}>
            <Plus />
          </IconButton>
        </>
      )}
    </span>
  );
}

/** What the undecided deals of the pipeline come to. */
function BoardTotals({ board }: { board: BoardData }) {
  const t = useT();
  const { sums, weighted } = useMemo(() => totalsOf(columnsOf(board)), [board]);
  if (sums.length === 0) return null;
  return (
    <p className="numeric ml-auto flex gap-3 text-xs text-ink-3">
      <span>
        {t("deals.open")} <Amounts amounts={sums} className="font-medium text-ink" />
      </span>
      <span title={t("deals.weightedHint")}>
        {t("deals.weighted")} <Amounts amounts={weighted} className="font-medium text-ink" />
      </span>
    </p>
  );
}

function LoadingColumns({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="flex gap-2 overflow-hidden p-3">
      {Array.from({ length: 5 }, (_, i) => (
        <div key={i} className="grid w-68 shrink-0 content-start gap-6 rounded-xl bg-sunken p-4">
          <Skeleton className="w-28" />
          <Skeleton className="w-48" />
          <Skeleton className="w-40" />
        </div>
      ))}
    </div>
  );
}
