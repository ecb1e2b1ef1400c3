/** The ids of the selected rows. */
export type Selection = ReadonlySet<string>;

export const NOTHING: Selection = new Set();

export function toggled(selection: Selection, id: string, isSelected: boolean): Selection {
  const next = new Set(selection);
  if (isSelected) next.add(id);
  else next.delete(id);
  return next;
}

/** The state of the box over a column of boxes. */
export function allState(selection: Selection, ids: string[]): boolean | "indeterminate" {
  const n = ids.filter((id) => selection.has(id)).length;
  if (n === 0) return false;
  return n === ids.length ? true : "indeterminate";
}
