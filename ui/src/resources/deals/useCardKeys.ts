import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from "react";

import { useT } from "@/i18n";
import type { Deal } from "@/api/types";
import { neighborOf, placeOf } from "./boardMoves";
import type { Column, Lifted } from "./dealModel";

interface CardKeys {
  /** The columns as they are shown, with a lifted card where it is held. */
  columns: Column[];
  lifted: Lifted | null;
  onLift: (lifted: Lifted | null) => void;
  onDrop: (deal: Deal, stageId: string) => void;
  mayMove: boolean;
}

/**
 * The board by keyboard: arrows go from card to card; Space lifts a card, arrows then carry it from stage
 * to stage, Space puts it down and Escape puts it back. What happens is said in `said`.
 */
export function useCardKeys({ columns, lifted, onLift, onDrop, mayMove }: CardKeys) {
  const t = useT();
  const [activeId, setActiveId] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  /** The card that shall have the focus once it is drawn. */
  const [wanted, setWanted] = useState<string | null>(null);
  const known = useRef(columns);
  known.current = columns;
  const isThere = activeId !== null && placeOf(columns, activeId) !== null;
  const firstId = columns.find(({ cards }) => cards.length > 0)?.cards[0]?.id ?? null;

  const focus = useCallback((id: string) => {
    setActiveId(id);
    setWanted(id);
  }, []);
  const onFocused = useCallback(() => setWanted(null), []);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const id = (event.target as HTMLElement).closest<HTMLElement>("[data-deal-id]")?.dataset.dealId;
    const place = id === undefined ? null : placeOf(columns, id);
    if (id === undefined || place === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const { stage, cards } = columns[place.columnIdx]!;
    const deal = cards[place.cardIdx]!;
    if (lifted) return carry(event, deal, place.columnIdx);
    if (event.key === " ") {
      event.preventDefault();
      if (!mayMove) return;
      onLift({ id, stageId: stage.id });
      setSaid(t("deals.lifted", { name: deal.name, stage: stage.name }));
      return;
    }
    const next = neighborOf(columns, place, event.key);
    if (next === null) return;
    event.preventDefault();
    focus(columns[next.columnIdx]!.cards[next.cardIdx]!.id);
  }

  function carry(event: KeyboardEvent, deal: Deal, columnIdx: number) {
    const stage = columns[columnIdx]!.stage;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Tab") return putBack(deal);
    event.preventDefault();
    event.stopPropagation();
    if (step !== undefined) {
      const next = columns[columnIdx + step];
      if (next === undefined) return;
      onLift({ id: deal.id, stageId: next.stage.id });
      setWanted(deal.id);
      const at = { n: columnIdx + step + 1, total: columns.length };
      setSaid(t("deals.over", { name: deal.name, stage: next.stage.name, ...at }));
    } else if (event.key === "Escape") putBack(deal);
    else if (event.key === " " || event.key === "Enter") {
      onLift(null);
      setWanted(deal.id);
      onDrop(deal, stage.id);
      setSaid(t("deals.dropped", { name: deal.name, stage: stage.name }));
    }
  }

  function putBack(deal: Deal) {
    onLift(null);
    setWanted(deal.id);
    setSaid(t("deals.putBack", { name: deal.name, stage: deal.stage.name }));
  }

  // Where the lifted card vanished, because somebody deleted it, nothing is held any more.
  const isGone = lifted !== null && placeOf(columns, lifted.id) === null;
  useEffect(() => {
    if (isGone) onLift(null);
  }, [isGone, onLift]);

  return {
    /** The one card that Tab leads to. */
    activeId: isThere ? activeId : firstId,
    wanted,
    said,
    onKeyDown,
    onFocused,
    onActive: setActiveId,
  };
}
