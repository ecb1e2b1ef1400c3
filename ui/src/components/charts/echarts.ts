/** The only module that names ECharts; it is loaded when the first chart comes into sight. */
import { BarChart, LineChart, ParallelChart, ScatterChart } from "echarts/charts";
import {
  DataZoomInsideComponent,
  GridComponent,
  ParallelComponent,
  TooltipComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  BarChart,
  LineChart,
  ParallelChart,
  ScatterChart,
  GridComponent,
  ParallelComponent,
  TooltipComponent,
  DataZoomInsideComponent,
  CanvasRenderer,
]);

export const { init } = echarts;
export type { EChartsCoreOption as ChartOption, EChartsType } from "echarts/core";
