import { useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { BulkChange, BulkTarget, EditResource } from "@/api/dataProvider";
import type { BulkEditPreview } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { useSettled } from "@/layout/useSettled";
import { Refusal } from "@/resources/access/Refusal";
import { useReasons } from "./useReasons";

/** Typing settles for this long before the server is asked, in milliseconds. */
const SETTLE_MS = 300;

/** What a change would do to the records, asked of the server; none before there is a change. */
export function usePreview<R extends EditResource>(
  resource: R,
  target: BulkTarget,
  change: BulkChange<R> | undefined,
) {
  const data = useData();
  // By what it says: the change is a new object with every key that is typed.
  const wanted = change === undefined ? "" : JSON.stringify(change);
  const settled = useSettled(wanted, SETTLE_MS);
  const preview = useQuery({
    queryKey: ["bulk-preview", resource, target, settled],
    queryFn: ({ signal }) =>
      data.previewBulkEdit(resource, target, JSON.parse(settled) as BulkChange<R>, signal),
    enabled: settled !== "",
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const isCurrent = settled === wanted && settled !== "" && !preview.isFetching;
  return {
    counts: isCurrent ? preview.data : undefined,
    error: isCurrent ? preview.error : null,
    isLooking: wanted !== "" && !isCurrent,
  };
}

/** Whether nothing would change, as far as it is known: of many records only the first were looked at. */
export const isIdle = ({ n_rows, n_looked_at, n_changed }: BulkEditPreview) =>
  n_changed === 0 && n_looked_at === n_rows;

/** The same in words. */
export function Preview({
  preview: { counts, error, isLooking },
  isDeletion,
}: {
  preview: ReturnType<typeof usePreview>;
  isDeletion: boolean;
}) {
  const t = useT();
  const formats = useFormats();
  const reasons = useReasons();
  const n = (value: number) => formats.number(value);
  return (
    <div aria-live="polite" className="grid min-h-5 gap-1 text-ink-2">
      {isLooking && <p>{t("bulk.looking")}</p>}
      <Refusal error={error} />
      {counts && (
        <p>
          {counts.n_looked_at < counts.n_rows
            ? t(isDeletion ? "bulk.previewDeletePart" : "bulk.previewPart", {
                looked: n(counts.n_looked_at),
                rows: n(counts.n_rows),
                changed: n(counts.n_changed),
                unchanged: n(counts.n_looked_at - counts.n_changed),
              })
            : isDeletion
              ? t("bulk.previewDelete", { changed: n(counts.n_changed) })
              : t("bulk.preview", { changed: n(counts.n_changed), unchanged: n(counts.n_unchanged) })}
        </p>
      )}
      {counts && counts.n_refused > 0 && (
        <p className="text-warn">
          {t("bulk.refused", { text: n(counts.n_refused), reasons: reasons(counts.refused) })}
        </p>
      )}
    </div>
  );
}
