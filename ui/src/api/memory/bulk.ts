import { kindOf } from "@/resources/access/accessModel";
import type { BulkChange, BulkTarget, DataProvider, EditResource } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import type { MemoryData } from "./company";
import { listRows, pageOf } from "./lists";
import type { Random } from "./random";

type Bulk = Pick<
  DataProvider,
  | "previewBulkEdit"
  | "startBulkEdit"
  | "bulkEdits"
  | "bulkEdit"
  | "undoBulkEdit"
  | "hasBulkConflicts"
  | "refusedFileHref"
>;

type Row = { id: string; version: number };

/** Changes of many records of the make-believe company; each is over when it is first looked at. */
export function bulkProvider(
  data: MemoryData,
  random: Random,
  nowText: () => string,
  answer: <T>(make: () => T) => Promise<T>,
  shownValues: (resource: EditResource, values: object) => object,
): Bulk {
  const edits = new Map<string, { edit: Wire.BulkEdit; resource: EditResource; before: Row[] }>();
  const rowsOf = (resource: EditResource) => data[resource] as unknown as Row[];
  const meant = (resource: EditResource, target: BulkTarget) =>
    "ids" in target
      ? rowsOf(resource).filter(({ id }) => target.ids.includes(id))
      : listRows(rowsOf(resource), target.query, { limit: 1_000_000 }).items;
  const found = (id: string) => {
    const kept = edits.get(id);
    if (!kept) throw new ApiError(404, "not_found", "no such bulk edit");
    return kept;
  };
  const replace = (resource: EditResource, rows: Row[]) => {
    const all = rowsOf(resource);
    for (const row of rows) {
      const idx = all.findIndex(({ id }) => id === row.id);
      if (idx < 0) all.push(row);
      else all[idx] = row;
    }
  };

  return {
    previewBulkEdit: (resource, target) =>
      answer(() => {
        const n = meant(resource, target).length;
        return { n_rows: n, n_looked_at: n, n_changed: n, n_unchanged: 0, n_refused: 0, refused: {} };
      }),
    startBulkEdit: <R extends EditResource>(
      resource: R,
      target: BulkTarget,
      change: BulkChange<R>,
      expect: number,
    ) =>
      answer(() => {
        const before = meant(resource, target);
        if (before.length !== expect) throw new ApiError(409, "count_changed", "other records match by now");
        if ("set" in change) {
          const values = shownValues(resource, change.set as object);
          replace(
            resource,
            before.map((row) => ({ ...row, ...values, version: row.version + 1 })),
          );
        } else {
          const all = rowsOf(resource);
          for (const row of before) all.splice(all.indexOf(row), 1);
        }
        const edit: Wire.BulkEdit = {
          id: random.id(),
          object: kindOf(resource) ?? "contact",
          is_deletion: "delete" in change,
          request: {},
          status: "done",
          n_rows: before.length,
          n_changed: before.length,
          n_unchanged: 0,
          n_refused: 0,
          refused: {},
          n_batches: 1,
          batches_done: 1,
          job_id: null,
          undo_job_id: null,
          created_by: null,
          created_at: nowText(),
          started_at: nowText(),
          finished_at: nowText(),
          error: null,
        };
        edits.set(edit.id, { edit, resource, before });
        return edit;
      }),
    bulkEdits: (request) =>
      answer(() => pageOf([...edits.values()].map(({ edit }) => edit).reverse(), request)),
    bulkEdit: (id) => answer(() => found(id).edit),
    undoBulkEdit: (id) =>
      answer(() => {
        const kept = found(id);
        replace(kept.resource, kept.before);
        kept.edit = { ...kept.edit, status: "undone" };
        return kept.edit;
      }),
    hasBulkConflicts: () => answer(() => false),
    refusedFileHref: (id) => `/api/v1/bulk_edits/${id}/refused_rows.csv`,
  };
}
