import { ChartFrame } from "@/components/charts/ChartFrame";
import { SeriesMark } from "@/components/charts/SeriesMark";
import { Card } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { figureText } from "@/resources/models/figures";
import { axisOf } from "@/resources/models/metricNames";
import { useWords } from "@/resources/models/useWords";
import { CurveChart } from "./CurveChart";
import { nNotPositive, summaryOf, type Curve } from "./curveModel";

interface CurveCardProps {
  /** What the chart shows. */
  metric: string;
  curves: Curve[];
  isLog: boolean;
  smoothing: number;
  /** Whether the names of the curves stand above, for the legend is elsewhere otherwise. */
  hasLegend?: boolean;
}

/** One chart of learning curves with its figures as a table. */
export function CurveCard({ metric, curves, isLog, smoothing, hasLegend }: CurveCardProps) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const title = words("metric", metric);
  const axis = axisOf(metric);
  const named = hasLegend ? curves.map((curve) => ({ ...curve, name: words("metric", curve.name) })) : curves;
  const nLeftOut = isLog ? nNotPositive(curves) : 0;
  const nPoints = Math.max(0, ...curves.map((curve) => curve.nPoints));
  const isThinned = curves.some((curve) => curve.nPoints > curve.steps.length);
  const count = { count: curves.length, text: formats.number(curves.length) };
  return (
    <Card className="min-w-0">
      <ChartFrame
        title={title}
        headers={[
          t("runs.name"),
          t("runs.steps"),
          t("runs.first"),
          t("runs.lowest"),
          t("runs.highest"),
          t("runs.last"),
        ]}
        rows={named.map((curve) => {
          const { first, lowest, highest, last } = summaryOf(curve);
          const figures = [first, lowest, highest, last].map((value) => figureText(value, formats));
          return [curve.name, formats.number(curve.nPoints), ...figures];
        })}
      >
        {hasLegend && named.length > 1 && (
          <ul className="flex flex-wrap gap-x-4 px-4 text-xs text-ink-2">
            {named.map(({ name, look }) => (
              <li key={name} className="flex items-center gap-1.5">
                <SeriesMark look={look} />
                {name}
              </li>
            ))}
          </ul>
        )}
        <CurveChart
          label={t(`runs.curveLabel.${axis}`, { metric: title, ...count })}
          curves={named}
          axis={axis}
          isLog={isLog}
          smoothing={smoothing}
        />
      </ChartFrame>
      {(nLeftOut > 0 || isThinned) && (
        <p className="px-4 pb-3 text-xs text-ink-3">
          {isThinned && `${t("runs.thinned", { text: formats.number(nPoints) })} ${t("runs.zoomHint")} `}
          {nLeftOut > 0 && t("runs.leftOut", { count: nLeftOut, text: formats.number(nLeftOut) })}
        </p>
      )}
    </Card>
  );
}
