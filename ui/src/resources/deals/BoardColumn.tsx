import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useId, useLayoutEffect, useRef, type PointerEvent } from "react";

import type { Deal, Money } from "@/api/types";
import { Dot } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { DealCard } from "./DealCard";
import type { Column } from "./dealModel";

/** A card with the gap below it, in pixels. */
const CARD_HEIGHT = 94;
const GAP = 6;

/** More cards are asked for when fewer than this many are left below those in sight. */
const NEAR_END = 12;

/** Cards that are drawn above and below those in sight, on both sides. */
const N_BEYOND = 4;

interface BoardColumnProps {
  column: Column;
  color: string;
  now: number;
  isOver: boolean;
  /** The card that Tab leads to, the one that shall have the focus, the ones that are held. */
  activeId: string | null;
  wantedId: string | null;
  liftedId: string | null;
  carriedId: string | null;
  instructionsId: string | null;
  onLoadMore: (stageId: string) => void;
  onPointerDown: (event: PointerEvent<HTMLElement>, deal: Deal) => void;
  onFocus: (id: string) => void;
  onFocused: () => void;
  onOpen: (id: string) => void;
  onMove: (deal: Deal) => void;
}

/** A stage with its deals; only the cards in sight are in the document. */
export const BoardColumn = memo(function BoardColumn(props: BoardColumnProps) {
  const { column, activeId, wantedId, onFocused, onLoadMore } = props;
  const { stage, cards, nextCursor, medianEnteredAt } = column;
  const t = useT();
  const formats = useFormats();
  const headingId = useId();
  const frame = useRef<HTMLDivElement>(null);
  const indexOf = (id: string | null) => (id === null ? -1 : cards.findIndex((deal) => deal.id === id));
  const wantedIdx = indexOf(wantedId);
  const kept = [indexOf(activeId), wantedIdx].filter((idx) => idx >= 0);
  const virtualizer = useVirtualizer({
    count: cards.length,
    getScrollElement: () => frame.current,
    getItemKey: (idx) => cards[idx]!.id,
    estimateSize: () => CARD_HEIGHT,
    overscan: N_BEYOND,
    // Until it is measured a column is taken for as high as the window, so that its cards are there at once.
    initialRect: { width: 0, height: window.innerHeight },
    // What scrolls is drawn with the next frame, not in the middle of this one.
    useFlushSync: false,
    // The card that holds the focus, or is the way in, stays in the document.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...kept])].sort((a, b) => a - b),
  });

  useLayoutEffect(() => {
    if (wantedIdx < 0) return;
    virtualizer.scrollToIndex(wantedIdx);
    const card = frame.current?.querySelector<HTMLElement>(`[data-deal-id="${wantedId}"]`);
    card?.focus({ preventScroll: true });
    card?.scrollIntoView?.({ inline: "nearest", block: "nearest" });
    onFocused();
  }, [wantedIdx, wantedId, virtualizer, onFocused]);

  const isNearEnd = (virtualizer.range?.endIndex ?? 0) >= cards.length - NEAR_END;
  useEffect(() => {
    if (nextCursor !== null && isNearEnd) onLoadMore(stage.id);
  }, [nextCursor, isNearEnd, cards.length, stage.id, onLoadMore]);

  return (
    <section
      aria-labelledby={headingId}
      data-stage-id={stage.id}
      className={cn(
        "grid min-h-0 w-68 shrink-0 snap-center grid-rows-[auto_minmax(0,1fr)] rounded-xl bg-sunken phone:w-[84vw]",
        props.isOver && "bg-accent-soft outline-2 -outline-offset-2 outline-accent",
      )}
    >
      <header className="px-3 pt-2 pb-1.5">
        <h2
          id={headingId}
          aria-label={t("deals.columnOf", {
            stage: stage.name,
            count: column.nDeals,
            text: formats.number(column.nDeals),
          })}
          className="flex items-center gap-2"
        >
          <Dot color={props.color} className="size-2" />
          <span className="truncate font-medium">{stage.name}</span>
          <span className="numeric text-ink-3">{formats.number(column.nDeals)}</span>
          <Amounts amounts={column.sums} className="ml-auto shrink-0" />
        </h2>
        <p className="numeric flex h-4.5 justify-between gap-2 text-xs text-ink-3">
          <span title={t("deals.weightedHint")}>{formats.percent(stage.probability)}</span>
          {stage.outcome === "open" && column.weighted.length > 0 && (
            <span title={t("deals.weightedHint")} className="truncate">
              {t("deals.weighted")} <Amounts amounts={column.weighted} />
            </span>
          )}
        </p>
      </header>
      <div
        ref={frame}
        // Where no card is the way in, the keyboard reaches the column itself, to scroll it.
        tabIndex={indexOf(activeId) < 0 ? 0 : -1}
        // Only up and down: sideways the board scrolls, also where the pointer is over a column.
        className="scrollbar-thin overflow-y-auto overscroll-y-contain px-1.5 pb-1.5"
      >
        {cards.length === 0 && (
          <p className="px-2 py-6 text-center text-xs text-ink-3">{t("deals.nothing")}</p>
        )}
        {cards.length > 0 && (
          <ul aria-labelledby={headingId} className="relative" style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const deal = cards[index]!;
              return (
                <li
                  key={deal.id}
                  aria-setsize={column.nDeals}
                  aria-posinset={index + 1}
                  className="absolute inset-x-0"
                  style={{ height: CARD_HEIGHT - GAP, transform: `translateY(${start}px)` }}
                >
                  <DealCard
                    deal={deal}
                    stage={stage}
                    medianEnteredAt={medianEnteredAt}
                    now={props.now}
                    t={t}
                    formats={formats}
                    isWayIn={deal.id === activeId}
                    isLifted={deal.id === props.liftedId}
                    isCarried={deal.id === props.carriedId}
                    instructionsId={props.instructionsId}
                    onPointerDown={props.onPointerDown}
                    onFocus={props.onFocus}
                    onOpen={props.onOpen}
                    onMove={props.onMove}
                  />
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </section>
  );
});

/** Amounts of several currencies in one line; each is exact in its title. */
export function Amounts({ amounts, className }: { amounts: Money[]; className?: string }) {
  const formats = useFormats();
  const exact = amounts.map((amount) => formats.money(amount)).join(" + ");
  return (
    <span title={exact} className={className}>
      {amounts.map((amount) => formats.money(amount, "compact")).join(" + ")}
    </span>
  );
}
