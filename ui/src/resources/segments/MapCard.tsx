import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { useData } from "@/api/context";
import type { Segment, SegmentationDetail } from "@/api/types";
import { ChartFrame } from "@/components/charts/ChartFrame";
import { Skeleton } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { Legend } from "./Legend";
import { Members } from "./Members";
import { SegmentMapChart } from "./SegmentMapChart";

/** As high as the window leaves room for below the title bar, the figures and the legend. */
const HEIGHT = "h-[max(26rem,calc(100dvh-11rem))] phone:h-[max(18rem,calc(100dvh-22rem))]";

interface MapCardProps {
  segmentation: SegmentationDetail;
  segments: Segment[];
  chosen: Segment | null;
  onChoose: (id: string | null) => void;
}

/** The map over the whole width, its legend above, and beside it who is in the chosen segment. */
export function MapCard({ segmentation, segments, chosen, onChoose }: MapCardProps) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const navigate = useNavigate();
  // The map shows everybody's customers.
  const mayRead = useMay("read_everything");
  const map = useQuery({
    queryKey: ["segment-map", segmentation.id],
    queryFn: () => data.segmentMap(segmentation.id),
    staleTime: Infinity,
    enabled: mayRead,
  });
  return (
    <section aria-label={t("segments.map")} className="border-y bg-raised">
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
        <div className="px-4 pb-2">
          <Legend segments={segments} chosen={chosen} onChoose={onChoose} />
        </div>
        <div
          className={cn(
            "grid min-w-0 grid-cols-[minmax(0,1fr)] px-2 pb-2",
            chosen && mayRead && "lg:grid-cols-[minmax(0,1fr)_20rem]",
          )}
        >
          {!mayRead ? null : map.data ? (
            <SegmentMapChart
              key={segmentation.id}
              map={map.data}
              segments={segmentation.segments}
              chosen={chosen}
              onOpen={(id) => void navigate({ to: "/contacts/$id", params: { id } })}
              className={`${HEIGHT} w-full`}
            />
          ) : map.error ? (
            <ErrorState error={map.error} onRetry={() => void map.refetch()} />
          ) : (
            <div className={`${HEIGHT} grid place-items-center`}>
              <Skeleton className="w-40" />
            </div>
          )}
          {chosen && (
            <div className={`scrollbar-thin min-h-0 overflow-y-auto ${HEIGHT}`} tabIndex={0}>
              <Members segment={chosen} onClose={() => onChoose(null)} />
            </div>
          )}
        </div>
      </ChartFrame>
    </section>
  );
}
