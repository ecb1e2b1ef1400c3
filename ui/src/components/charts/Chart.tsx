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
  /** Called when the reader zooms in or is back at the whole. */
  onZoomed?: (isZoomed: boolean) => void;
  /** A higher number shows the whole again. */
  nResets?: number;
}

let library: Promise<typeof import("./echarts")> | undefined;

/** Asked for once, however many charts come into sight together; anew after it could not be had. */
function loadLibrary() {
  library ??= import("./echarts").catch((error: unknown) => {
    library = undefined;
    throw error;
  });
  return library;
}

/** One ECharts canvas: made when its code is here, resized with its box, redrawn on a new theme. */
export function Chart({ label, option, className, onPick, onZoomed, nResets = 0 }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const isDark = useIsDark();
  const isCalm = useMedia("(prefers-reduced-motion: reduce)");

  useEffect(() => {
    let made: EChartsType | null = null;
    let isGone = false;
    const observer = new ResizeObserver(() => made?.resize());
    void loadLibrary().then(({ init }) => {
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
      // Merged, so that the reader's zoom stays; only series may become fewer.
      { replaceMerge: ["series"] },
    );
  }, [chart, option, isDark, isCalm]);

  useEffect(() => {
    if (chart === null || !onZoomed) return undefined;
    const tell = () => {
      const { dataZoom } = chart.getOption() as { dataZoom?: { start?: number; end?: number }[] };
      onZoomed((dataZoom ?? []).some(({ start = 0, end = 100 }) => start > 0.1 || end < 99.9));
    };
    chart.on("datazoom", tell);
    return () => void chart.off("datazoom", tell);
  }, [chart, onZoomed]);

  useEffect(() => {
    if (chart === null || nResets === 0) return;
    const batch = [0, 1].map((dataZoomIndex) => ({ dataZoomIndex, start: 0, end: 100 }));
    chart.dispatchAction({ type: "dataZoom", batch });
  }, [chart, nResets]);

  useEffect(() => {
    if (chart === null || !onPick) return undefined;
    const pick = (event: { seriesIndex?: number; dataIndex?: number }) =>
      onPick(event.seriesIndex ?? 0, event.dataIndex ?? 0);
    chart.on("click", pick as never);
    return () => void chart.off("click", pick as never);
  }, [chart, onPick]);

  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      className={className}
      // A chart that zooms swallows every turn of the wheel, though it zooms with Ctrl only: the page would
      // not scroll under the pointer.
      onWheelCapture={(event) => !event.ctrlKey && event.stopPropagation()}
    />
  );
}
