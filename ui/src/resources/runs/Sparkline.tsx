const WIDTH = 64;
const HEIGHT = 18;
const MARGIN = 2;

/** A few values as a small line. */
export function Sparkline({ values, label }: { values: (number | null)[]; label: string }) {
  const known = values.flatMap((value, i) => (value === null ? [] : [{ i, value }]));
  if (known.length === 0) return null;
  const [low, high] = [Math.min(...known.map((k) => k.value)), Math.max(...known.map((k) => k.value))];
  const x = (i: number) => MARGIN + (i / Math.max(1, values.length - 1)) * (WIDTH - 2 * MARGIN);
  const y = (value: number) => HEIGHT - MARGIN - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * MARGIN);
  const last = known.at(-1)!;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="block h-4.5 w-16">
      <polyline
        points={known.map(({ i, value }) => `${x(i)},${y(value)}`).join(" ")}
        className="fill-none stroke-accent"
        strokeWidth="1.5"
      />
      <circle cx={x(last.i)} cy={y(last.value)} r="2" className="fill-accent" />
    </svg>
  );
}
