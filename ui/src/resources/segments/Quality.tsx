import type { SegmentationDetail } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { useWords } from "@/resources/models/useWords";

/** How far the segments can be trusted, beside what the plain baseline reaches. */
export function Quality({ segmentation }: { segmentation: SegmentationDetail }) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const { method, k, stability_ari, silhouette, baseline, as_of } = segmentation;
  const figure = (value: number | null | undefined) =>
    value === null || value === undefined
      ? "—"
      : formats.number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const rows = [
    {
      label: t("segments.stability"),
      hint: t("segments.stabilityHint"),
      ours: stability_ari,
      theirs: baseline?.stability_ari,
    },
    {
      label: t("segments.silhouette"),
      hint: t("segments.silhouetteHint"),
      ours: silhouette,
      theirs: baseline?.silhouette,
    },
  ];
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-2.5 text-ink-2">
      <p>
        <span className="font-medium text-ink">{words("method", method)}</span> ·{" "}
        {t("segments.k", { count: k })} · {t("segments.asOf", { date: formats.date(as_of) })}
      </p>
      {rows.map(({ label, hint, ours, theirs }) => (
        <p key={label} title={hint}>
          {label} <span className="numeric font-semibold text-ink">{figure(ours)}</span>
          {baseline && (
            <span className="text-ink-3">
              {" "}
              {t("segments.beside", { method: words("method", baseline.method), value: figure(theirs) })}
            </span>
          )}
        </p>
      ))}
    </div>
  );
}
