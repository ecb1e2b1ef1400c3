import type { Month } from "@/api/types";
import { useFormats } from "@/i18n";

interface MonthBarsProps {
  label: string;
  bars: { month: Month; value: number; text: string }[];
}

const WIDTH = 288;
const HEIGHT = 72;

/** Small bars per month in plain SVG: a record page need not wait for the chart library. */
export function MonthBars({ label, bars }: MonthBarsProps) {
  const formats = useFormats();
  const top = Math.max(1, ...bars.map((bar) => bar.value));
  const step = WIDTH / Math.max(1, bars.length);
  const first = bars[0];
  const last = bars.at(-1);
  return (
    <figure>
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="block w-full"
        preserveAspectRatio="none"
      >
        {bars.map((bar, i) => {
          const height = bar.value > 0 ? Math.max(2, (bar.value / top) * (HEIGHT - 4)) : 1;
          return (
            <rect
              key={bar.month}
              x={i * step + step * 0.15}
              y={HEIGHT - height}
              width={step * 0.7}
              height={height}
              rx={1.5}
              className={bar.value > 0 ? "fill-accent" : "fill-track"}
            >
              <title>{`${formats.month(bar.month, "long")}: ${bar.text}`}</title>
            </rect>
          );
        })}
      </svg>
      {first && last && (
        <figcaption className="mt-1 flex justify-between text-2xs text-ink-3" aria-hidden>
          <span>{formats.month(first.month)}</span>
          <span>{formats.month(last.month)}</span>
        </figcaption>
      )}
    </figure>
  );
}
