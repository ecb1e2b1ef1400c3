import { useEffect, useRef, useState } from "react";

import { useIsDark } from "@/layout/theme";
import { useMedia } from "@/layout/useMedia";
import { CHART_FONT, chartColors, type ChartColors } from "./chartTheme";
import type { ChartOption, EChartsType } from "./echarts";

interface ChartProps {
  /** What the chart shows, in one sentence: its text alternative. */
  label: string;
  option: (colors: ChartColors) => ChartOption;
  className: string;
  onPick?: (seriesIdx: number, dataIdx: number) => void;
}

/** One ECharts canvas: made when its code is here, resized with its box, redrawn on a new theme. */
export function Chart({ label, option, className, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const isDark = useIsDark();
  const isCalm = useMedia("(prefers-reduced-motion: reduce)");

  useEffect(() => {
    let made: EChartsType | null = null;
    let isGone = false;
    const observer = new ResizeObserver(() => made?.resize());
    void import("./echarts").then(({ init }) => {
      if (isGone || box.current === null) return;
      made = init(box.current, null, { renderer: "canvas" });
      observer.observe(box.current);
      setChart(made);
    });
    return () => {
      isGone = true;
      observer.disconnect();
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    if (chart === null || box.current === null) return;
    const drawn = option(chartColors(box.current));
    chart.setOption(
      { textStyle: { fontFamily: CHART_FONT }, animation: !isCalm, animationDuration: 300, ...drawn },
      { notMerge: true },
    );
  }, [chart, option, isDark, isCalm]);

  useEffect(() => {
    if (chart === null || !onPick) return undefined;
    const pick = (event: { seriesIndex?: number; dataIndex?: number }) =>
      onPick(event.seriesIndex ?? 0, event.dataIndex ?? 0);
    chart.on("click", pick as never);
    return () => void chart.off("click", pick as never);
  }, [chart, onPick]);

  return <div ref={box} role="img" aria-label={label} className={className} />;
}
