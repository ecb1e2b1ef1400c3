import { useCallback } from "react";

import type { Calibration } from "@/api/types";
import { Chart } from "@/components/charts/Chart";
import { ChartFrame } from "@/components/charts/ChartFrame";
import { axisLook, tooltipLook, type ChartColors } from "@/components/charts/chartTheme";
import type { ChartOption } from "@/components/charts/echarts";
import { Card } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";

/** The points and the bars of rows below stand over one another. */
const TOP = { left: 44, right: 16, top: 10, height: "62%" };
const BOTTOM = { left: 44, right: 16, bottom: 26, height: "17%" };

/** A reliability diagram: what came true against what was predicted, and how many rows that rests on. */
export function CalibrationCard({ calibration }: { calibration: Calibration }) {
  const t = useT();
  const formats = useFormats();
  const { bins, ece, positive } = calibration;
  const option = useCallback(
    (colors: ChartColors): ChartOption => {
      const share = (gridIndex: number, isNamed: boolean) => ({
        type: "value",
        gridIndex,
        min: 0,
        max: 1,
        interval: 0.2,
        ...axisLook(colors),
        axisLabel: {
          show: isNamed,
          color: colors.ink2,
          fontSize: 11,
          formatter: (value: number) => formats.percent(value),
        },
      });
      const binOf = (at: number) => bins[at];
      return {
        animation: false,
        grid: [TOP, BOTTOM],
        xAxis: [
          share(0, false), // Bars would else widen the axis, and stand beside their points.
          { ...share(1, true), splitLine: { show: false }, containShape: false },
        ],
        yAxis: [
          share(0, true),
          {
            type: "value",
            gridIndex: 1,
            splitNumber: 1,
            ...axisLook(colors),
            axisLine: { show: false },
            axisLabel: { color: colors.ink2, fontSize: 11, formatter: (n: number) => formats.compact(n) },
          },
        ],
        tooltip: {
          trigger: "item",
          ...tooltipLook(colors),
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const bin = binOf(dataIndex);
            if (!bin) return "";
            return [
              `${t("evaluation.predicted")} ${formats.percent(bin.mean_predicted, 1)}`,
              `${t("evaluation.observed")} ${formats.percent(bin.observed, 1)}`,
              `${t("evaluation.nRowsOf")} ${formats.number(bin.n)}`,
            ].join("\n");
          },
        },
        series: [
          {
            type: "line",
            data: [
              [0, 0],
              [1, 1],
            ],
            symbol: "none",
            silent: true,
            tooltip: { show: false },
            lineStyle: { color: colors.ink2, width: 1, type: "dashed" },
          },
          {
            type: "line",
            data: bins.map((bin) => [bin.mean_predicted, bin.observed]),
            symbol: "circle",
            symbolSize: 8,
            lineStyle: { color: colors.accent, width: 2 },
            itemStyle: { color: colors.accent, borderColor: colors.raised, borderWidth: 1.5 },
          },
          {
            type: "bar",
            xAxisIndex: 1,
            yAxisIndex: 1,
            data: bins.map((bin) => [(bin.lower + bin.upper) / 2, bin.n]),
            barCategoryGap: "15%",
            itemStyle: { color: colors.accent, opacity: 0.55, borderRadius: [2, 2, 0, 0] },
          },
        ],
      };
    },
    [bins, formats, t],
  );
  return (
    <Card className="min-w-0">
      <ChartFrame
        title={t("evaluation.calibration")}
        note={ece !== null && <span className="numeric text-xs">ECE {figureText(ece, formats)}</span>}
        headers={[
          t("evaluation.range"),
          t("evaluation.predicted"),
          t("evaluation.observed"),
          t("evaluation.nRowsOf"),
        ]}
        rows={bins.map((bin) => [
          `${formats.percent(bin.lower)} – ${formats.percent(bin.upper)}`,
          formats.percent(bin.mean_predicted, 1),
          formats.percent(bin.observed, 1),
          formats.number(bin.n),
        ])}
      >
        <p className="px-4 text-xs text-ink-2">{t("evaluation.calibrationHint")}</p>
        <Chart
          label={t("evaluation.calibrationLabel", { positive, ece: figureText(ece, formats) })}
          option={option}
          className="h-80 w-full px-2 pb-2"
        />
      </ChartFrame>
    </Card>
  );
}
