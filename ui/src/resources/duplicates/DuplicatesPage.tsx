import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Combine, List, Search } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { Skeleton } from "@/components/ui/bits";
import { Button, IconButton } from "@/components/ui/Button";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useHotkeys } from "@/layout/hotkeys";
import { PageHeader } from "@/layout/PageHeader";
import { usePageShortcuts } from "@/layout/pageShortcuts";
import { useIsPhone } from "@/layout/useIsPhone";
import { useMayMerge } from "@/resources/identity/useMayMerge";
import { Acceptance } from "./Acceptance";
import { PairList } from "./PairList";
import { PairView } from "./PairView";
import type { MatchOrder } from "./queueModel";
import { RunStrip } from "./RunStrip";
import { useAcceptances } from "./useAcceptances";
import { useLikelihood } from "./useLikelihood";
import { useQueue, type Queue } from "./useQueue";
import { useRuns } from "./useRuns";

const AcceptDialog = lazy(() => import("./AcceptDialog"));

/** Contacts that may be one person, pair by pair: the queue on the left, the pair at hand beside it. */
export function DuplicatesPage() {
  const t = useT();
  const formats = useFormats();
  const navigate = useNavigate();
  const { order = "value", pair } = useSearch({ strict: false }) as { order?: MatchOrder; pair?: string };
  const queue = useQueue(order, pair ?? null);
  const runs = useRuns();
  const may = useMayMerge();
  const acceptances = useAcceptances();
  const [isAccepting, setAccepting] = useState(false);
  useQueueKeys(queue);
  const setOrder = (next: MatchOrder) =>
    void navigate({
      to: "/duplicates",
      search: next === "certainty" ? { order: next } : {},
      replace: true,
    });
  const nOpen = queue.nOpen;
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_auto_minmax(0,1fr)]">
      <PageHeader
        title={t("nav.duplicates")}
        note={
          queue.isSuccess && nOpen > 0
            ? t("duplicates.note", { count: nOpen, text: formats.number(nOpen) })
            : undefined
        }
        actions={
          <>
            {may.merge && nOpen > 0 && (
              <Button onClick={() => setAccepting(true)}>{t("duplicates.accept")}</Button>
            )}
            {runs.mayStart && (
              <Button variant="primary" disabled={runs.isUnderWay} onClick={runs.start}>
                <Search />
                <span className="phone:sr-only">{t("duplicates.look")}</span>
              </Button>
            )}
          </>
        }
      />
      <div>
        <RunStrip runs={runs} acceptances={acceptances.all} />
        {acceptances.shown && (
          <Acceptance key={acceptances.shown} id={acceptances.shown} onClose={acceptances.forget} />
        )}
      </div>
      <Body queue={queue} order={order} onOrder={setOrder} runs={runs} />
      <Suspense>
        {isAccepting && (
          <AcceptDialog
            isPartial={queue.current?.is_partial === true}
            onStarted={acceptances.show}
            onClose={() => setAccepting(false)}
          />
        )}
      </Suspense>
    </div>
  );
}

/** The keys that go through the queue; those that decide are of the pair. */
function useQueueKeys(queue: Queue) {
  const t = useT();
  const may = useMayMerge();
  useHotkeys({
    j: () => queue.go(1),
    k: () => queue.go(-1),
    s: queue.skip,
    ArrowRight: queue.skip,
    u: queue.undoLast,
  });
  usePageShortcuts({
    title: t("duplicates.keys.title"),
    rows: [
      ["j k", t("duplicates.keys.move")],
      ...(may.merge ? [["y", t("duplicates.keys.same")]] : []),
      ...(may.decide ? [["n", t("duplicates.keys.different")]] : []),
      ["s →", t("duplicates.keys.skip")],
      ...(may.decide ? [["u", t("duplicates.keys.undo")]] : []),
      ...(may.merge ? [["1 2", t("duplicates.keys.stay")]] : []),
      ...(may.decide ? [["r", t("duplicates.keys.reason")]] : []),
    ],
  });
}

interface BodyProps {
  queue: Queue;
  order: MatchOrder;
  onOrder: (order: MatchOrder) => void;
  runs: ReturnType<typeof useRuns>;
}

function Body({ queue, order, onOrder, runs }: BodyProps) {
  const t = useT();
  const isPhone = useIsPhone();
  const [isListed, setListed] = useState(false);
  const { current } = queue;
  if (queue.error && !queue.data)
    return <ErrorState error={queue.error} onRetry={() => void queue.refetch()} />;
  if (queue.isPending || runs.isPending)
    return (
      <div role="status" aria-label={t("common.loading")} className="grid content-start gap-4 p-6">
        <Skeleton className="w-64" />
        <Skeleton className="w-96" />
        <Skeleton className="w-80" />
      </div>
    );
  if (!current) return <Nothing queue={queue} runs={runs} />;
  const list = (
    <PairList
      queue={queue}
      order={order}
      onOrder={onOrder}
      onShow={(id) => (queue.show(id), setListed(false))}
    />
  );
  const view = (
    <PairView
      key={current.id}
      pair={current}
      canUndo={queue.canUndo}
      onDecide={queue.decide}
      onSkip={queue.skip}
      onUndo={queue.undoLast}
    />
  );
  return (
    <>
      {isPhone ? (
        <div className="grid min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
          <PhoneBar queue={queue} isListed={isListed} onList={() => setListed(!isListed)} />
          {isListed ? list : view}
        </div>
      ) : (
        <div className="grid min-h-0 grid-cols-[15rem_minmax(0,1fr)] grid-rows-[minmax(0,1fr)] xl:grid-cols-[18rem_minmax(0,1fr)]">
          <div className="min-h-0 border-r">{list}</div>
          {view}
        </div>
      )}
      <AtHand queue={queue} />
    </>
  );
}

/** On a phone one pair at a time, with the way to the others. */
function PhoneBar({ queue, isListed, onList }: { queue: Queue; isListed: boolean; onList: () => void }) {
  const t = useT();
  const formats = useFormats();
  return (
    <div className="flex items-center gap-1 border-b px-3 py-1">
      <Button variant="ghost" className="-ml-2" aria-expanded={isListed} onClick={onList}>
        <List />
        {t(isListed ? "duplicates.hideQueue" : "duplicates.showQueue")}
      </Button>
      <span className="numeric ml-auto text-xs text-ink-2">
        {t("duplicates.position", { n: formats.number(queue.idx + 1), total: formats.number(queue.nOpen) })}
      </span>
      <IconButton label={t("duplicates.previous")} disabled={queue.idx <= 0} onClick={() => queue.go(-1)}>
        <ChevronLeft />
      </IconButton>
      <IconButton
        label={t("duplicates.next")}
        disabled={queue.idx >= queue.queue.length - 1}
        onClick={() => queue.go(1)}
      >
        <ChevronRight />
      </IconButton>
    </div>
  );
}

/** Tells those who do not see it which pair is at hand. */
function AtHand({ queue: { current } }: { queue: Queue }) {
  const t = useT();
  const likelihoodOf = useLikelihood();
  if (!current) return null;
  const { left, right } = current;
  return (
    <p aria-live="polite" className="sr-only">
      {t("duplicates.atHand", {
        left: left.name,
        right: right.name,
        likelihood: likelihoodOf(current).words,
      })}
    </p>
  );
}

/** What stands there when there is nothing to decide, and why. */
function Nothing({ queue, runs }: Pick<BodyProps, "queue" | "runs">) {
  const t = useT();
  const look = runs.mayStart && (
    <Button variant="primary" disabled={runs.isUnderWay} onClick={runs.start}>
      <Search />
      {t("duplicates.look")}
    </Button>
  );
  if (runs.isUnderWay) return <EmptyState icon={<Combine />} title={t("duplicates.looking")} />;
  if (runs.isFirst)
    return (
      <EmptyState
        icon={<Combine />}
        title={t("duplicates.notLooked")}
        text={t("duplicates.notLookedHint")}
        action={look}
      />
    );
  const undo = queue.canUndo && <Button onClick={queue.undoLast}>{t("duplicates.undo")}</Button>;
  return (
    <EmptyState
      icon={<Combine />}
      title={t(queue.hasDecided ? "duplicates.allDone" : "duplicates.empty")}
      text={t(queue.hasDecided ? "duplicates.allDoneHint" : "duplicates.emptyHint")}
      action={undo || look}
    />
  );
}
