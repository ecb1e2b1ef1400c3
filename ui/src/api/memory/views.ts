import type { DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import type { Random } from "./random";

type ViewProvider = Pick<
  DataProvider,
  "savedViews" | "createSavedView" | "updateSavedView" | "deleteSavedView"
>;

/** The saved views of one person and of colleagues who share theirs. */
export function viewProvider(
  random: Random,
  nowText: () => string,
  answer: <T>(make: () => T) => Promise<T>,
): ViewProvider {
  let views: Wire.SavedView[] = [];
  const find = (id: Wire.Id) => {
    const found = views.find((view) => view.id === id);
    if (!found) throw new ApiError(404, "not_found", "there is no such view");
    return found;
  };
  return {
    savedViews: () => answer(() => views),
    createSavedView: (view) =>
      answer(() => {
        const at = nowText();
        const made = { is_shared: false, ...view, id: random.id(), may_change: true, version: 1 };
        views = [...views, { ...made, created_at: at, updated_at: at }];
        return views.at(-1)!;
      }),
    updateSavedView: (id, version, change) =>
      answer(() => {
        const before = find(id);
        if (before.version !== version) throw new ApiError(412, "version_conflict", "changed meanwhile");
        const after = { ...before, ...change, version: version + 1, updated_at: nowText() };
        views = views.map((view) => (view.id === id ? after : view));
        return after;
      }),
    deleteSavedView: (id) =>
      answer(() => {
        const gone = find(id);
        views = views.filter((view) => view !== gone);
      }),
  };
}
