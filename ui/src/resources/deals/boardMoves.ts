import type { Column } from "./dealModel";

/** A card's place on a board. */
export interface Place {
  columnIdx: number;
  cardIdx: number;
}

export function placeOf(columns: Column[], id: string): Place | null {
  for (const [columnIdx, { cards }] of columns.entries()) {
    const cardIdx = cards.findIndex((deal) => deal.id === id);
    if (cardIdx >= 0) return { columnIdx, cardIdx };
  }
  return null;
}

/** The card that an arrow key leads to: columns without cards are passed over. Null where there is none. */
export function neighborOf(columns: Column[], { columnIdx, cardIdx }: Place, key: string): Place | null {
  const cards = columns[columnIdx]?.cards ?? [];
  switch (key) {
    case "ArrowDown":
      return cardIdx + 1 < cards.length ? { columnIdx, cardIdx: cardIdx + 1 } : null;
    case "ArrowUp":
      return cardIdx > 0 ? { columnIdx, cardIdx: cardIdx - 1 } : null;
    case "Home":
      return { columnIdx, cardIdx: 0 };
    case "End":
      return { columnIdx, cardIdx: cards.length - 1 };
    case "ArrowLeft":
    case "ArrowRight":
      return beside(columns, { columnIdx, cardIdx }, key === "ArrowLeft" ? -1 : 1);
    default:
      return null;
  }
}

function beside(columns: Column[], { columnIdx, cardIdx }: Place, step: 1 | -1): Place | null {
  for (let idx = columnIdx + step; idx >= 0 && idx < columns.length; idx += step) {
    const n = columns[idx]!.cards.length;
    if (n > 0) return { columnIdx: idx, cardIdx: Math.min(cardIdx, n - 1) };
  }
  return null;
}
