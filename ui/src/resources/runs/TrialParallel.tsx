import { useCallback } from "react";

import type { TrialRow } from "@/api/dataProvider";
import { Chart } from "@/components/charts/Chart";
import type { ChartColors } from "@/components/charts/chartTheme";
import type { ChartOption } from "@/components/charts/echarts";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";
import { axisOf, placeOn } from "./trialModel";

interface TrialParallelProps {
  trials: TrialRow[];
  isHigherBetter: boolean;
  params: string[];
}

/** So large a share of the trials is colored. */
const BEST_SHARE = 0.15;
/** An axis needs this much room for its labels, in rem. */
const AXIS_REM = 7;

/** A line per finished trial through all its settings to its value. */
export function TrialParallel({ trials, isHigherBetter, params }: TrialParallelProps) {
  const t = useT();
  const formats = useFormats();
  const option = useCallback(
    (colors: ChartColors): ChartOption => {
      const axes = params.map((name) => axisOf(name, trials));
      const sign = isHigherBetter ? -1 : 1;
      const finished = trials
        .filter((trial): trial is TrialRow & { value: number } => trial.value !== null)
        .sort((a, b) => sign * (a.value - b.value));
      const nBest = Math.max(1, Math.round(finished.length * BEST_SHARE));
      const lines = (of: TrialRow[], lineStyle: object, z: number) => ({
        type: "parallel",
        z,
        silent: true,
        lineStyle,
        data: of.map((trial) => [...axes.map((axis) => placeOn(axis, trial.params) ?? "-"), trial.value]),
      });
      return {
        animation: false,
        parallel: {
          left: 40,
          right: 56,
          top: 36,
          bottom: 20,
          parallelAxisDefault: {
            nameTextStyle: { color: colors.ink, fontSize: 11 },
            nameGap: 12,
            axisLine: { lineStyle: { color: colors.ink2 } },
            axisTick: { show: false },
            minorTick: { show: false },
            axisLabel: {
              color: colors.ink2,
              fontSize: 11,
              formatter: (value: number | string) =>
                typeof value === "number" ? figureText(value, formats, 3) : value,
            },
          },
        },
        parallelAxis: [
          ...axes.map((axis, dim) => ({
            dim,
            name: axis.name,
            type: axis.kind,
            ...(axis.kind === "category" ? { data: axis.categories } : { scale: true }),
          })),
          { dim: axes.length, name: t("trials.value"), type: "value", scale: true },
        ],
        series: [
          lines(finished.slice(nBest), { color: colors.ink2, width: 1, opacity: 0.3 }, 2),
          lines(finished.slice(0, nBest), { color: colors.accent, width: 2, opacity: 0.9 }, 3),
        ],
      };
    },
    [trials, isHigherBetter, params, formats, t],
  );
  return (
    <div className="scrollbar-thin overflow-x-auto" tabIndex={0}>
      <div style={{ minWidth: `${(params.length + 1) * AXIS_REM}rem` }}>
        <Chart label={t("trials.parallelLabel")} option={option} className="h-64 w-full px-2 pb-2" />
      </div>
    </div>
  );
}
