/** The colours of a chart, read from the style sheet, so that charts follow light and dark. */
export interface ChartColors {
  ink: string;
  ink2: string;
  line: string;
  accent: string;
  raised: string;
  canvas: string;
  /** Of curves side by side. */
  series: string[];
}

/** So many colors tell curves apart; further ones differ by their dashes. */
export const N_SERIES_COLORS = 8;
const DASHES = ["solid", "dashed", "dotted"] as const;

/** The variable of the style sheet that colors the curve of a look. */
export const seriesVariable = (look: number) => `--series-${(look % N_SERIES_COLORS) + 1}`;

/** The dash of the curve of a look. */
export const dashOf = (look: number) => DASHES[Math.floor(look / N_SERIES_COLORS) % DASHES.length]!;

export function chartColors(element: Element): ChartColors {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink"),
    ink2: read("--ink-3"),
    line: read("--line"),
    accent: read("--accent"),
    raised: read("--raised"),
    canvas: read("--canvas"),
    series: Array.from({ length: N_SERIES_COLORS }, (_, look) => read(seriesVariable(look))),
  };
}

export const CHART_FONT =
  '"Inter Variable", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** A value axis with hairlines and no frame. */
export function axisLook(colors: ChartColors) {
  return {
    axisLine: { lineStyle: { color: colors.line } },
    axisTick: { show: false },
    axisLabel: { color: colors.ink2, fontSize: 11 },
    splitLine: { lineStyle: { color: colors.line } },
  };
}

/** The tooltip is drawn on the canvas: no markup from data, no inline styles. */
export function tooltipLook(colors: ChartColors) {
  return {
    renderMode: "richText" as const,
    backgroundColor: colors.raised,
    borderColor: colors.line,
    textStyle: { color: colors.ink, fontSize: 12, fontFamily: CHART_FONT },
    padding: [6, 10],
  };
}
