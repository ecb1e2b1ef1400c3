import { dashOf, seriesVariable } from "./chartTheme";

const DASH_ARRAYS = { solid: undefined, dashed: "5 3", dotted: "1.5 2.5" };

/** A short piece of a curve as it is drawn, beside its name. */
export function SeriesMark({ look }: { look: number }) {
  return (
    <svg aria-hidden viewBox="0 0 16 8" className="h-2 w-4 shrink-0">
      <line
        x1="1"
        x2="15"
        y1="4"
        y2="4"
        strokeWidth="2.5"
        strokeDasharray={DASH_ARRAYS[dashOf(look)]}
        stroke={`var(${seriesVariable(look)})`}
      />
    </svg>
  );
}
