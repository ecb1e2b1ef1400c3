import { useNavigate } from "@tanstack/react-router";
import { useCallback, useState, type RefObject } from "react";
import { createPortal } from "react-dom";

import type { Deal, StageOutcome } from "@/api/types";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { BoardColumn } from "./BoardColumn";
import { CardFace } from "./DealCard";
import type { Column, Lifted } from "./dealModel";
import { useCardDrag, type Drag } from "./useCardDrag";
import { useCardKeys } from "./useCardKeys";

const OPEN_COLORS = ["var(--series-5)", "var(--series-1)", "var(--series-4)", "var(--series-3)"];
const DECIDED_COLORS = { won: "var(--series-2)", lost: "var(--series-8)" };

const colorOf = (outcome: StageOutcome, idx: number) =>
  outcome === "open" ? OPEN_COLORS[idx % OPEN_COLORS.length]! : DECIDED_COLORS[outcome];

interface BoardColumnsProps {
  columns: Column[];
  frame: RefObject<HTMLDivElement | null>;
  lifted: Lifted | null;
  onLift: (lifted: Lifted | null) => void;
  onDrop: (deal: Deal, stageId: string) => void;
  onMove: (deal: Deal) => void;
  onLoadMore: (stageId: string) => void;
  /** Null for who may not move deals. */
  instructionsId: string | null;
}

/** The columns side by side, for pointer and keyboard. */
export function BoardColumns(props: BoardColumnsProps) {
  const { columns, frame, lifted, onLift, onDrop, instructionsId } = props;
  const { drag, ghost, onPointerDown } = useCardDrag(frame, onDrop);
  const keys = useCardKeys({ columns, lifted, onLift, onDrop, mayMove: instructionsId !== null });
  const over = drag?.over ?? lifted?.stageId;
  const navigate = useNavigate();
  const open = useCallback((id: string) => void navigate({ to: "/deals/$id", params: { id } }), [navigate]);
  // Days pass slowly: cards are drawn anew for what changed, not for the clock.
  const [now] = useState(() => Date.now());
  return (
    <>
      <div
        ref={frame}
        onKeyDown={keys.onKeyDown}
        className={cn(
          "scrollbar-thin flex min-h-0 gap-2 overflow-x-auto p-3 phone:scroll-px-3",
          drag ? "cursor-grabbing" : "phone:snap-x phone:snap-mandatory",
        )}
      >
        {columns.map((column, idx) => (
          <BoardColumn
            key={column.stage.id}
            column={column}
            color={colorOf(column.stage.outcome, idx)}
            now={now}
            isOver={over === column.stage.id}
            activeId={keys.activeId}
            wantedId={keys.wanted}
            liftedId={lifted?.id ?? null}
            carriedId={drag?.deal.id ?? null}
            instructionsId={instructionsId}
            onLoadMore={props.onLoadMore}
            onPointerDown={onPointerDown}
            onFocus={keys.onActive}
            onFocused={keys.onFocused}
            onOpen={open}
            onMove={props.onMove}
          />
        ))}
      </div>
      <p aria-live="assertive" className="sr-only">
        {keys.said}
      </p>
      {drag && <Ghost drag={drag} columns={columns} ghost={ghost} now={now} />}
    </>
  );
}

interface GhostProps {
  drag: Drag;
  columns: Column[];
  ghost: RefObject<HTMLDivElement | null>;
  now: number;
}

/** The copy of a card that the pointer carries. */
function Ghost({ drag, columns, ghost, now }: GhostProps) {
  const texts = { t: useT(), formats: useFormats() };
  const column = columns.find(({ stage }) => stage.id === drag.deal.stage.id);
  if (!column) return null;
  return createPortal(
    <div
      ref={ghost}
      aria-hidden
      className="pointer-events-none fixed top-0 left-0 z-50 h-22 rounded-lg border border-accent bg-raised px-3 py-2 shadow-float"
      style={{ width: drag.width, transform: "translate(-100vw, 0)" }}
    >
      <CardFace
        deal={drag.deal}
        stage={column.stage}
        medianEnteredAt={column.medianEnteredAt}
        now={now}
        {...texts}
      />
    </div>,
    document.body,
  );
}
