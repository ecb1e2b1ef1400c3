import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { useData } from "@/api/context";
import type { Segment, SegmentationDetail } from "@/api/types";
import { ChartFrame } from "@/components/charts/ChartFrame";
import { Card, Dot, Skeleton } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { SegmentMapChart } from "./SegmentMapChart";

interface MapCardProps {
  segmentation: SegmentationDetail;
  segments: Segment[];
  chosen: Segment | null;
  onChoose: (id: string | null) => void;
}

/** The map with its legend, which also chooses a segment. */
export function MapCard({ segmentation, segments, chosen, onChoose }: MapCardProps) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const navigate = useNavigate();
  const map = useQuery({
    queryKey: ["segment-map", segmentation.id],
    queryFn: () => data.segmentMap(segmentation.id),
    staleTime: Infinity,
  });
  return (
    <Card>
      <ChartFrame
        title={t("segments.map")}
        note={<span className="text-xs phone:hidden">{t("segments.mapHint")}</span>}
        headers={[
          t("segments.segment"),
          t("segments.customers"),
          t("segments.share"),
          t("segments.value"),
          t("segments.valueShare"),
        ]}
        rows={segments.map((s) => [
          formats.text(s.name),
          formats.number(s.size),
          formats.percent(s.share, 1),
          formats.money(s.value, "whole"),
          formats.percent(s.value_share, 1),
        ])}
      >
        <div className="grid gap-2 p-2 pt-0 lg:grid-cols-[minmax(0,1fr)_15rem]">
          {map.data ? (
            <SegmentMapChart
              map={map.data}
              segments={segmentation.segments}
              chosen={chosen}
              onOpen={(id) => void navigate({ to: "/contacts/$id", params: { id } })}
            />
          ) : map.error ? (
            <ErrorState error={map.error} onRetry={() => void map.refetch()} />
          ) : (
            <div className="grid h-[26rem] place-items-center">
              <Skeleton className="w-40" />
            </div>
          )}
          <ul aria-label={t("segments.legend")} className="grid content-start gap-0.5 phone:grid-cols-2">
            {segments.map((segment) => (
              <li key={segment.id}>
                <button
                  type="button"
                  aria-pressed={segment === chosen}
                  onClick={() => onChoose(segment.id)}
                  className={cn(
                    "flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-hover",
                    segment === chosen && "bg-selected",
                  )}
                >
                  <Dot color={segment.color} className="size-2.5" />
                  <span className="min-w-0 flex-1 truncate">{formats.text(segment.name)}</span>
                  <span className="numeric text-xs text-ink-2">{formats.percent(segment.share)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      </ChartFrame>
    </Card>
  );
}
