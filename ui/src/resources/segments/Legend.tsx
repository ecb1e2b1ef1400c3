import type { Segment } from "@/api/types";
import { Dot } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";

interface LegendProps {
  segments: Segment[];
  chosen: Segment | null;
  onChoose: (id: string) => void;
}

/** The colors of the map as chips, each with its share; a chip chooses its segment. */
export function Legend({ segments, chosen, onChoose }: LegendProps) {
  const t = useT();
  const formats = useFormats();
  return (
    <ul aria-label={t("segments.legend")} className="flex min-w-0 flex-wrap gap-1.5">
      {segments.map((segment) => (
        <li key={segment.id} className="max-w-full min-w-0">
          <button
            type="button"
            aria-pressed={segment === chosen}
            title={formats.text(segment.name)}
            onClick={() => onChoose(segment.id)}
            className={cn(
              "flex h-7 max-w-full items-center gap-2 rounded-full border px-2.5 hover:bg-hover",
              segment === chosen && "border-accent bg-selected",
            )}
          >
            <Dot color={segment.color} className="size-2" />
            <span className="max-w-72 min-w-0 truncate">{formats.text(segment.name)}</span>
            <span className="numeric shrink-0 text-xs text-ink-2">{formats.percent(segment.share)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
