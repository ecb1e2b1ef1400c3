import { useCallback, useMemo, useState } from "react";

import { Chart } from "@/components/charts/Chart";
import {
  axisLook,
  dashOf,
  N_SERIES_COLORS,
  tooltipLook,
  type ChartColors,
} from "@/components/charts/chartTheme";
import type { ChartOption } from "@/components/charts/echarts";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";
import type { Axis } from "@/resources/models/metricNames";
import { logBaseOf, lonePoints, pointsOf, smoothed, type Curve, type Point } from "./curveModel";

interface CurveChartProps {
  label: string;
  curves: Curve[];
  /** What the points stand over. */
  axis: Axis;
  isLog: boolean;
  smoothing: number;
}

/** A tooltip names at most so many curves. */
const N_NAMED = 12;
const FAINT = 0.35;

interface Drawn extends Curve {
  raw: Point[];
  /** What the reader follows: the smoothed curve where there is one, else the raw one. */
  main: Point[];
}

/** Values over steps or another count. What is no number is a gap; smoothing leaves the raw curve behind it, faint. */
export function CurveChart({ label, curves, axis, isLog, smoothing }: CurveChartProps) {
  const t = useT();
  const formats = useFormats();
  const [isZoomed, setZoomed] = useState(false);
  const [nResets, setResets] = useState(0);
  const drawn = useMemo<Drawn[]>(
    () =>
      curves.map((curve) => {
        const values = smoothing > 0 ? smoothed(curve.values, smoothing) : curve.values;
        return { ...curve, raw: pointsOf(curve, isLog), main: pointsOf({ ...curve, values }, isLog) };
      }),
    [curves, isLog, smoothing],
  );

  const option = useCallback(
    (colors: ChartColors): ChartOption => {
      const colorOf = ({ look }: Curve) => colors.series[look % N_SERIES_COLORS] ?? colors.accent;
      const line = (curve: Drawn, data: Point[], style: object) => ({
        type: "line",
        data,
        symbol: "none",
        connectNulls: false,
        animation: false,
        emphasis: { disabled: true },
        lineStyle: { color: colorOf(curve), width: 2, type: dashOf(curve.look), ...style },
        itemStyle: { color: colorOf(curve) },
      });
      const named = drawn.map((curve) => ({ ...line(curve, curve.main, {}), name: curve.name, z: 3 }));
      const faint = drawn.map((curve) => ({
        ...line(curve, curve.raw, { width: 1, type: "solid", opacity: FAINT }),
        tooltip: { show: false },
        silent: true,
      }));
      const alone = drawn.map((curve) => ({
        type: "scatter",
        data: lonePoints(curve.main),
        symbolSize: 5,
        silent: true,
        animation: false,
        itemStyle: { color: colorOf(curve) },
      }));
      return {
        grid: {
          left: 8,
          right: 20,
          top: 12,
          bottom: 4,
          outerBoundsMode: "same",
          outerBoundsContain: "axisLabel",
        },
        xAxis: {
          type: "value",
          min: "dataMin",
          max: "dataMax",
          splitNumber: 4,
          ...axisLook(colors),
          splitLine: { show: false },
          axisLabel: {
            color: colors.ink2,
            fontSize: 11,
            hideOverlap: true,
            formatter: (v: number) => formats.compact(v),
          },
        },
        yAxis: {
          type: isLog ? "log" : "value",
          ...(isLog ? { logBase: logBaseOf(drawn) } : {}),
          scale: true,
          splitNumber: 4,
          ...axisLook(colors),
          axisLine: { show: false },
          axisLabel: {
            color: colors.ink2,
            fontSize: 11,
            formatter: (v: number) => figureText(v, formats, 3),
          },
        },
        dataZoom: [{ type: "inside", xAxisIndex: 0, filterMode: "none", zoomOnMouseWheel: "ctrl" }],
        tooltip: {
          trigger: "axis",
          axisPointer: { type: "line", lineStyle: { color: colors.line }, snap: true },
          ...tooltipLook(colors),
          formatter: (items: { seriesIndex: number; value: Point }[]) => {
            const shown = items.filter(({ seriesIndex }) => seriesIndex < named.length);
            const step = shown[0]?.value[0];
            if (step === undefined) return "";
            const rest = shown.length - N_NAMED;
            return [
              t(`runs.pointIs.${axis}`, { at: formats.number(step) }),
              ...shown
                .slice(0, N_NAMED)
                .map(
                  ({ seriesIndex, value }) => `${named[seriesIndex]?.name}  ${figureText(value[1], formats)}`,
                ),
              ...(rest > 0 ? [t("runs.andMore", { count: rest, text: formats.number(rest) })] : []),
            ].join("\n");
          },
        },
        series: [...named, ...alone, ...(smoothing > 0 ? faint : [])],
      };
    },
    [drawn, axis, isLog, smoothing, formats, t],
  );

  return (
    <div className="relative min-w-0">
      <Chart
        label={label}
        option={option}
        onZoomed={setZoomed}
        nResets={nResets}
        className="h-64 w-full px-2 phone:h-56"
      />
      {/* The chart's own name says it, too. */}
      <p className="pb-2 text-center text-2xs text-ink-3" aria-hidden>
        {t(`runs.axis.${axis}`)}
      </p>
      {isZoomed && (
        <Button size="sm" className="absolute top-1 right-4" onClick={() => setResets(nResets + 1)}>
          {t("segments.resetZoom")}
        </Button>
      )}
    </div>
  );
}
