import type { SegmentTrait } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { barOf } from "./segmentModel";

/** Traits as bars to the right (above the others) or the left (below) of a middle line. */
export function TraitBars({
  traits,
  color,
  currency,
}: {
  traits: SegmentTrait[];
  /** The segment's. */
  color: string;
  currency: string;
}) {
  const t = useT();
  const formats = useFormats();
  return (
    <ul className="grid content-start gap-1">
      {traits.map((trait) => {
        const bar = barOf(trait.z);
        const typical = formats.measure(trait.typical, trait.unit, currency);
        const overall = formats.measure(trait.overall, trait.unit, currency);
        return (
          <li
            key={trait.feature}
            title={t("segments.versusAll", { typical, overall })}
            className="grid grid-cols-[minmax(0,1fr)_5.5rem_4.5rem] items-center gap-2 text-xs"
          >
            <span className="truncate text-ink-2">{formats.text(trait.label)}</span>
            <span className="relative h-3.5 rounded-sm bg-sunken" aria-hidden>
              <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />
              <span
                className={
                  bar > 0
                    ? "absolute inset-y-[3px] left-1/2 rounded-r-sm"
                    : "absolute inset-y-[3px] right-1/2 rounded-l-sm"
                }
                style={{ width: `${Math.abs(bar) * 50}%`, backgroundColor: color }}
              />
            </span>
            <span className="numeric truncate text-right font-medium">
              {typical}
              <span className="sr-only"> {t("segments.versusAll", { typical, overall })}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
