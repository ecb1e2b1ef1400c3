import type { ReactNode } from "react";

/** What an editor says against a text before anything is sent; undefined where it is well. */
export type Refusal = (text: string) => string | undefined;

/** How a cell is changed in place. */
interface CellEdit<T> {
  type: "text" | "email" | "tel";
  /** What stands in the editor at first. */
  text: (row: T) => string;
  /** The change that the typed text means. */
  change: (text: string) => object;
  /** What is wrong with a text that means no change at all. */
  refusal?: Refusal;
  /** Whether an empty text is refused. */
  isRequired?: boolean;
}

export interface Column<T> {
  /** Also the field that it sorts by. */
  id: string;
  header: string;
  /** A track of the CSS grid: `minmax(12rem, 1.4fr)`. */
  width: string;
  cell: (row: T) => ReactNode;
  isSortable?: boolean;
  align?: "right";
  edit?: CellEdit<T>;
  /** Shown on a phone. */
  isOnPhone?: boolean;
  isHiddenAtFirst?: boolean;
  /** The first column stays in sight and cannot be hidden. */
  isPinned?: boolean;
}

/** The least width at which all columns fit, in rem: the sum of the tracks' lower bounds. */
export function minWidthOf(tracks: string[]): number {
  return tracks.reduce((sum, track) => sum + Number(/[\d.]+(?=rem)/.exec(track)?.[0] ?? 0), 0);
}

/** A comma list as one edit of labels: "vip, wholesale". */
export const splitTags = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,，、;；]/)
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

export const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** The columns in sight: those of the address, else those of this device, else the list's own. */
export function visibleColumns<T>(
  columns: Column<T>[],
  chosen: string | null | undefined,
  isPhone: boolean,
): Column<T>[] {
  if (isPhone) return columns.filter((column) => column.isPinned || column.isOnPhone);
  const ids = chosen?.split(",");
  return columns.filter(
    (column) => column.isPinned || (ids ? ids.includes(column.id) : !column.isHiddenAtFirst),
  );
}
