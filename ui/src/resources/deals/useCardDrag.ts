import { useCallback, useEffect, useRef, useState, type PointerEvent, type RefObject } from "react";

import type { Deal } from "@/api/types";

/** The pointer moves so far before a press is a drag, in pixels. */
const SLACK_PX = 6;
/** A finger rests so long on a card before it picks it up; before that it scrolls. */
const HOLD_MS = 300;
/** So near to the edge of the board it scrolls on, by so much a frame. */
const EDGE_PX = 56;
const SCROLL_PX = 14;

/** A card that the pointer carries. */
export interface Drag {
  deal: Deal;
  /** Where it would fall. */
  over: string | null;
  width: number;
}

interface Press {
  deal: Deal;
  card: HTMLElement;
  pointerId: number;
  isTouch: boolean;
  startX: number;
  startY: number;
  x: number;
  y: number;
  /** From the card's corner to the pointer. */
  dx: number;
  dy: number;
}

/**
 * Carries cards by the pointer: from the first movement with a mouse, after a rest with a finger. The
 * carried copy is moved past React; only a change of column draws the board anew.
 */
export function useCardDrag(
  frame: RefObject<HTMLElement | null>,
  onDrop: (deal: Deal, stageId: string) => void,
) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const stop = useRef<() => void>(() => {});
  const drop = useRef(onDrop);
  drop.current = onDrop;
  useEffect(() => () => stop.current(), []);

  const onPointerDown = useCallback(
    (event: PointerEvent<HTMLElement>, deal: Deal) => {
      if (event.button !== 0 || !event.isPrimary) return;
      stop.current();
      const card = event.currentTarget;
      const corner = card.getBoundingClientRect();
      const press: Press = {
        deal,
        card,
        pointerId: event.pointerId,
        isTouch: event.pointerType === "touch",
        startX: event.clientX,
        startY: event.clientY,
        x: event.clientX,
        y: event.clientY,
        dx: event.clientX - corner.left,
        dy: event.clientY - corner.top,
      };
      stop.current = follow(press, {
        frame,
        ghost,
        onChange: setDrag,
        onDrop: (stageId) => drop.current(deal, stageId),
      });
    },
    [frame],
  );
  return { drag, ghost, onPointerDown };
}

interface Way {
  frame: RefObject<HTMLElement | null>;
  ghost: RefObject<HTMLElement | null>;
  onChange: (drag: Drag | null) => void;
  onDrop: (stageId: string) => void;
}

/** Follows one press until it ends; answers how to end it early. */
function follow(press: Press, { frame, ghost, onChange, onDrop }: Way): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  let over: string | null = null;
  let isDragging = false;
  let frameRequest = 0;
  const hold = press.isTouch ? window.setTimeout(begin, HOLD_MS) : 0;

  function begin() {
    isDragging = true;
    step();
  }

  function step() {
    frameRequest = requestAnimationFrame(step);
    const board = frame.current;
    if (board === null) return;
    const edges = board.getBoundingClientRect();
    if (press.x > edges.right - EDGE_PX) board.scrollLeft += SCROLL_PX;
    else if (press.x < edges.left + EDGE_PX) board.scrollLeft -= SCROLL_PX;
    const now = stageAt(board, press.x, press.y);
    if (over === null || now !== over) {
      over = now ?? "";
      onChange({ deal: press.deal, over: now, width: press.card.offsetWidth });
    }
    if (ghost.current)
      ghost.current.style.transform = `translate(${press.x - press.dx}px, ${press.y - press.dy}px) rotate(1.5deg)`;
  }

  function end(isDrop: boolean) {
    controller.abort();
    clearTimeout(hold);
    cancelAnimationFrame(frameRequest);
    if (!isDragging) return;
    isDragging = false;
    onChange(null);
    swallowClick();
    if (isDrop && over) onDrop(over);
  }

  window.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerId !== press.pointerId) return;
      press.x = event.clientX;
      press.y = event.clientY;
      if (isDragging) return;
      const isFar = Math.hypot(press.x - press.startX, press.y - press.startY) > SLACK_PX;
      if (!isFar) return;
      if (press.isTouch) end(false);
      else begin();
    },
    { signal },
  );
  window.addEventListener("pointerup", ({ pointerId }) => pointerId === press.pointerId && end(true), {
    signal,
  });
  window.addEventListener("pointercancel", () => end(false), { signal });
  window.addEventListener("blur", () => end(false), { signal });
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !isDragging) return;
      event.preventDefault();
      event.stopPropagation();
      end(false);
    },
    { signal, capture: true },
  );
  // While a finger carries a card, the board below it stays where it is.
  window.addEventListener("touchmove", (event) => isDragging && event.preventDefault(), {
    signal,
    passive: false,
  });
  window.addEventListener("contextmenu", (event) => press.isTouch && event.preventDefault(), { signal });
  return () => end(false);
}

/** The stage whose column lies under a point, as wide as it is and as high as the board. */
function stageAt(board: HTMLElement, x: number, y: number): string | null {
  const edges = board.getBoundingClientRect();
  if (y < edges.top || y > edges.bottom) return null;
  for (const column of board.querySelectorAll<HTMLElement>("[data-stage-id]")) {
    const { left, right } = column.getBoundingClientRect();
    if (x >= left && x <= right) return column.dataset.stageId ?? null;
  }
  return null;
}

/** The click that ends a drag does not open the card. */
function swallowClick() {
  const swallow = (event: MouseEvent) => (event.preventDefault(), event.stopPropagation());
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}
