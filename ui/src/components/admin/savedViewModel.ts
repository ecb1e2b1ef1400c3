import type { ListResource } from "@/api/dataProvider";
import type { ListKind, SavedView } from "@/api/types";
import { parseListSearch, type ListSearch } from "./listState";
import { parseSearch, stringifySearch } from "./searchParams";

/** A list that views are kept of. */
export type ViewedList = ListResource & ListKind;

const VIEWED: readonly string[] = [
  "contacts",
  "companies",
  "deals",
  "tickets",
  "tasks",
  "products",
  "orders",
  "imports",
  "runs",
] satisfies ListKind[];

export const isViewed = (resource: ListResource): resource is ViewedList => VIEWED.includes(resource);

/** The query string of a list as it stands in its address. */
export const queryOf = (search: ListSearch): string => stringifySearch({ ...search }).replace(/^\?/, "");

/** The list that a view is of, as far as this version understands it. */
export const searchOf = ({ query }: SavedView): ListSearch => parseListSearch(parseSearch(query));

export const viewsOf = (views: SavedView[], list: ViewedList): SavedView[] =>
  views.filter((view) => view.list === list);

/** The view that shows what is shown; columns count, too. */
export function viewInForce(views: SavedView[], search: ListSearch): SavedView | undefined {
  const shown = sorted(search);
  return views.find((view) => sorted(searchOf(view)) === shown);
}

/** The parts of a state in one order, however they were written. */
const sorted = (search: ListSearch): string => queryOf(search).split("&").sort().join("&");
