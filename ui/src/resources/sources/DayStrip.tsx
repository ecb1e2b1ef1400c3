import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import type { DayState, SourceRow } from "./ledgerModel";

/** Trouble differs by its form as well, not by color alone. */
const LOOKS: Record<DayState, string> = {
  none: "h-1 bg-track",
  stored: "bg-good",
  rejected: "bg-warn",
  lost: "bg-bad ring-2 ring-bad ring-offset-1 ring-offset-raised",
};

const HEIGHT_MIN = 0.2;

/** A bar for each day, as high as much came; a table beside it says the same in figures. */
export function DayStrip({ row }: { row: SourceRow }) {
  const t = useT();
  const formats = useFormats();
  const most = Math.max(1, ...row.cells.map(({ seen }) => seen));
  const label = t("sources.stripSummary", {
    name: row.source.name,
    seen: formats.number(row.seen),
    stored: formats.number(row.stored),
    rejected: formats.number(row.rejected),
    days: row.cells.filter(({ state }) => state !== "none").length,
    wrong: row.cells.filter(({ state }) => state === "lost").length,
  });
  return (
    <span role="img" aria-label={label} className="flex h-8 items-end gap-px">
      {row.cells.map(({ day, seen, state }) => (
        <span
          key={day}
          title={`${formats.day(day)}: ${formats.number(seen)}`}
          className={cn("min-w-0 flex-1 rounded-xs", LOOKS[state])}
          style={state === "none" ? {} : { height: `${100 * Math.max(HEIGHT_MIN, seen / most)}%` }}
        />
      ))}
    </span>
  );
}

const LEGEND = [
  ["stored", "sources.legendStored"],
  ["rejected", "sources.legendRejected"],
  ["lost", "sources.legendLost"],
  ["none", "sources.legendNone"],
] as const;

export function StripLegend() {
  const t = useT();
  return (
    <ul aria-label={t("sources.legend")} className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {LEGEND.map(([state, text]) => (
        <li key={state} className="flex items-center gap-1.5">
          <span aria-hidden className="flex size-3 items-end">
            <span className={cn("w-full rounded-xs", state !== "none" && "h-full", LOOKS[state])} />
          </span>
          {t(text)}
        </li>
      ))}
    </ul>
  );
}
