import { useEffect, useState, type KeyboardEvent, type RefObject } from "react";

import { useHotkeys } from "@/layout/hotkeys";

interface GridKeys<T> {
  rows: T[];
  frame: RefObject<HTMLElement | null>;
  rowHeight: number;
  /** With the shift key all rows are meant from the one that was toggled last. */
  onToggle: ((row: T, isRange: boolean) => void) | undefined;
  onEdit: ((row: T) => void) | undefined;
}

const rowOf = (frame: HTMLElement | null, id: string) =>
  frame?.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(id)}"]`);

/**
 * The keyboard in a grid: one row is the grid's stop for Tab, known by its id, so that it stays the same
 * one when rows come and go. Arrows and `j`/`k` walk, Enter opens, Space and `x` select, `e` edits.
 */
export function useGridKeys<T extends { id: string }>({
  rows,
  frame,
  rowHeight,
  onToggle,
  onEdit,
}: GridKeys<T>) {
  const [active, setActive] = useState<string | null>(null);
  // Focus follows once the row is in the document; the count tells two wishes for one row apart.
  const [wish, setWish] = useState<{ id: string; n: number } | null>(null);
  const found = rows.findIndex(({ id }) => id === active);
  const currentIdx = found < 0 ? 0 : found;

  useEffect(() => {
    if (wish) rowOf(frame.current, wish.id)?.focus();
  }, [wish, frame]);

  function goTo(idx: number) {
    const row = rows[Math.min(rows.length - 1, Math.max(0, idx))];
    if (row === undefined) return;
    setActive(row.id);
    setWish({ id: row.id, n: (wish?.n ?? 0) + 1 });
  }
  const go = (step: number) => goTo(found < 0 ? 0 : found + step);
  const at = found < 0 ? undefined : rows[found];
  useHotkeys({
    j: () => go(1),
    k: () => go(-1),
    x: () => at && onToggle?.(at, false),
    X: () => at && onToggle?.(at, true),
    e: () => at && onEdit?.(at),
  });

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const isRow = event.target instanceof HTMLElement && event.target.dataset.rowId !== undefined;
    if (!isRow || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / rowHeight) - 2);
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(1),
      ArrowUp: () => go(-1),
      PageDown: () => go(page),
      PageUp: () => go(-page),
      Home: () => goTo(0),
      End: () => goTo(rows.length - 1),
      Enter: () => at && rowOf(frame.current, at.id)?.querySelector<HTMLElement>("[data-row-link]")?.click(),
      " ": () => at && onToggle?.(at, event.shiftKey),
      F2: () => at && onEdit?.(at),
    };
    const handler = keys[event.key];
    if (!handler) return;
    event.preventDefault();
    handler();
  }

  return {
    /** Where the row stands that the keys speak of; the first one before any was chosen. */
    currentIdx,
    active,
    onKeyDown,
    /** A row got the focus, by whatever means. */
    onFocus: (id: string) => setActive(id),
  };
}
