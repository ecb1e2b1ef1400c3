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

/** As `toggled`, for all rows from the one that was toggled last to this one. */
export function toggledRange(
  selection: Selection,
  ids: string[],
  [from, to]: [string, string],
  isSelected: boolean,
): Selection {
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
  if (a < 0 || b < 0) return toggled(selection, to, isSelected);
  const range = ids.slice(Math.min(a, b), Math.max(a, b) + 1);
  return range.reduce((next, id) => toggled(next, id, isSelected), selection);
}
