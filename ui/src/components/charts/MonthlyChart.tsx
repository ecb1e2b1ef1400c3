import { useCallback } from "react";

import type { Money, Month } from "@/api/types";
import { useFormats } from "@/i18n";
import { majorUnits } from "@/i18n/format";
import { Chart } from "./Chart";
import { axisLook, tooltipLook, type ChartColors } from "./chartTheme";
import type { ChartOption } from "./echarts";

interface MonthlyChartProps {
  label: string;
  /** A month's count in words, for the tooltip: "12 orders". */
  countText: (count: number) => string;
  months: { month: Month; amount: Money; count: number }[];
}

/** Amounts by month as bars. */
export function MonthlyChart({ label, countText, months }: MonthlyChartProps) {
  const formats = useFormats();
  const option = useCallback(
    (colors: ChartColors): ChartOption => {
      const currency = months[0]?.amount.currency ?? formats.currency;
      return {
        grid: {
          left: 8,
          right: 16,
          top: 16,
          bottom: 4,
          outerBoundsMode: "same",
          outerBoundsContain: "axisLabel",
        },
        xAxis: {
          type: "category",
          data: months.map(({ month }) => formats.month(month)),
          ...axisLook(colors),
          splitLine: { show: false },
        },
        yAxis: {
          type: "value",
          splitNumber: 4,
          ...axisLook(colors),
          axisLine: { show: false },
          axisLabel: {
            color: colors.ink2,
            fontSize: 11,
            formatter: (value: number) => formats.major(value, currency, "compact"),
          },
        },
        tooltip: {
          trigger: "axis",
          axisPointer: { type: "none" },
          ...tooltipLook(colors),
          formatter: (items: { dataIndex: number }[]) => {
            const month = months[items[0]?.dataIndex ?? 0];
            return month
              ? `${formats.month(month.month, "long")}\n${formats.money(month.amount, "whole")} · ${countText(month.count)}`
              : "";
          },
        },
        series: [
          {
            type: "bar",
            data: months.map(({ amount }) => majorUnits(amount)),
            itemStyle: { color: colors.accent, borderRadius: [3, 3, 0, 0] },
            barMaxWidth: 34,
          },
        ],
      };
    },
    [months, formats, countText],
  );
  return <Chart label={label} option={option} className="h-56 w-full px-2 pb-2" />;
}
