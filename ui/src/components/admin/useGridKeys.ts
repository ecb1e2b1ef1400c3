import { useRef, useState, type RefObject } from "react";

import { useHotkeys } from "@/layout/hotkeys";

interface GridKeys {
  count: number;
  frame: RefObject<HTMLElement | null>;
  scrollTo: (idx: number) => void;
  onToggle: ((idx: number) => void) | undefined;
  onEdit: ((idx: number) => void) | undefined;
}

/** `j`/`k` walk the rows, `x` selects, `e` edits; answers the row that the keys speak of, or -1. */
export function useGridKeys({ count, frame, scrollTo, onToggle, onEdit }: GridKeys): number {
  const [active, setActive] = useState(-1);
  const latest = useRef(active);
  latest.current = active;

  function go(step: 1 | -1) {
    if (count === 0) return;
    const next = Math.min(count - 1, Math.max(0, latest.current + step));
    setActive(next);
    scrollTo(next);
    // The row may only come into the document with the scroll, so focus waits for it.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        frame.current
          ?.querySelector<HTMLElement>(`[data-row="${next}"] [data-row-link]`)
          ?.focus({ preventScroll: true }),
      ),
    );
  }

  useHotkeys({
    j: () => go(1),
    k: () => go(-1),
    x: () => latest.current >= 0 && onToggle?.(latest.current),
    e: () => latest.current >= 0 && onEdit?.(latest.current),
  });
  return active < count ? active : -1;
}
