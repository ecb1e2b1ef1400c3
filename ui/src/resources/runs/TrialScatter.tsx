import { useCallback } from "react";

import type { TrialRow } from "@/api/dataProvider";
import { Chart } from "@/components/charts/Chart";
import { SeriesMark } from "@/components/charts/SeriesMark";
import { axisLook, tooltipLook, type ChartColors } from "@/components/charts/chartTheme";
import type { ChartOption } from "@/components/charts/echarts";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";
import { axisOf, bestSoFar, placeOn } from "./trialModel";
import { TRIED_DIGITS, useParamText } from "./useParamText";

/** The look of the curve of the best. */
const BEST_LOOK = 2;

interface TrialScatterProps {
  trials: TrialRow[];
  isHigherBetter: boolean;
  /** The setting that the values stand over; their number where null. */
  over: string | null;
}

/** A dot per finished trial; over their numbers with the best so far as steps. */
export function TrialScatter({ trials, isHigherBetter, over }: TrialScatterProps) {
  const t = useT();
  const formats = useFormats();
  const paramText = useParamText(TRIED_DIGITS);
  const option = useCallback(
    (colors: ChartColors): ChartOption => {
      const axis = over === null ? null : axisOf(over, trials);
      const finished = trials.filter(({ value }) => value !== null);
      const placed = finished.flatMap((trial) => {
        const place = axis === null ? trial.number : placeOn(axis, trial.params);
        return place === null ? [] : [{ trial, value: [place, trial.value] }];
      });
      const label = { color: colors.ink2, fontSize: 11, hideOverlap: true };
      const figure = (value: number) => figureText(value, formats, 3);
      return {
        animation: false,
        grid: {
          left: 8,
          right: 20,
          top: 12,
          bottom: 4,
          outerBoundsMode: "same",
          outerBoundsContain: "axisLabel",
        },
        xAxis: {
          type: axis?.kind ?? "value",
          ...(axis?.kind === "category" ? { data: axis.categories } : { scale: true }),
          ...axisLook(colors),
          splitLine: { show: false },
          axisLabel: axis?.kind === "category" ? label : { ...label, formatter: figure },
        },
        yAxis: {
          type: "value",
          scale: true,
          splitNumber: 4,
          ...axisLook(colors),
          axisLine: { show: false },
          axisLabel: { ...label, formatter: figure },
        },
        tooltip: {
          trigger: "item",
          ...tooltipLook(colors),
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const trial = placed[dataIndex]?.trial;
            if (!trial) return "";
            return [
              `${t("trials.number")} ${formats.number(trial.number)}: ${figureText(trial.value, formats)}`,
              ...Object.entries(trial.params).map(([name, value]) => `${name} ${paramText(name, value)}`),
            ].join("\n");
          },
        },
        series: [
          {
            type: "scatter",
            data: placed.map(({ value }) => value),
            symbolSize: 8,
            itemStyle: { color: colors.accent, opacity: 0.7 },
          },
          ...(axis === null
            ? [
                {
                  type: "line",
                  step: "end",
                  data: bestSoFar(trials, isHigherBetter),
                  symbol: "none",
                  silent: true,
                  tooltip: { show: false },
                  lineStyle: { color: colors.series[BEST_LOOK] ?? colors.ink, width: 2 },
                },
              ]
            : []),
        ],
      };
    },
    [trials, isHigherBetter, over, formats, t, paramText],
  );
  return (
    <>
      {over === null && (
        <p className="flex items-center gap-1.5 px-4 pt-1 text-xs text-ink-2">
          <SeriesMark look={BEST_LOOK} />
          {t("trials.bestSoFar")}
        </p>
      )}
      <Chart
        label={over === null ? t("trials.progressLabel") : t("trials.overLabel", { param: over })}
        option={option}
        className="h-64 w-full px-2 pb-2"
      />
    </>
  );
}
