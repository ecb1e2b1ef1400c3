import { useNavigate, useSearch } from "@tanstack/react-router";
import { ScatterChart } from "lucide-react";

import type { SegmentationDetail } from "@/api/types";
import { Skeleton } from "@/components/ui/bits";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { useMay } from "@/resources/session/useSession";
import { MapCard } from "./MapCard";
import { Portrait } from "./Portrait";
import { Quality } from "./Quality";
import { Recompute } from "./Recompute";
import { bySize } from "./segmentModel";
import { useSegmentation } from "./useSegmentation";

/** All customers on one map, a portrait of each segment, and who is in it. */
export function SegmentsPage() {
  const t = useT();
  const formats = useFormats();
  const mayWrite = useMay("train_models");
  const { data: segmentation, error, isPending, refetch } = useSegmentation();
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader
        title={t("nav.segments")}
        note={
          segmentation &&
          t("segments.nCustomers", {
            count: segmentation.n_customers,
            text: formats.number(segmentation.n_customers),
          })
        }
        actions={<Recompute isFirst={segmentation === null} />}
      />
      <PageBody>
        {segmentation ? (
          <Content segmentation={segmentation} />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : isPending ? (
          <div role="status" aria-label={t("common.loading")} className="grid gap-4 p-6">
            <Skeleton className="w-1/3" />
            <Skeleton className="w-2/3" />
          </div>
        ) : (
          <EmptyState
            icon={<ScatterChart />}
            title={t("segments.empty")}
            text={t(mayWrite ? "segments.emptyHint" : "segments.emptyHintViewer")}
          />
        )}
      </PageBody>
    </div>
  );
}

function Content({ segmentation }: { segmentation: SegmentationDetail }) {
  const t = useT();
  const navigate = useNavigate();
  const { segment: chosenId } = useSearch({ strict: false }) as { segment?: string };
  const segments = bySize(segmentation.segments);
  const chosen = segments.find((segment) => segment.id === chosenId) ?? null;
  const choose = (id: string | null) =>
    void navigate({
      to: "/segments",
      search: id === null || id === chosenId ? {} : { segment: id },
      replace: true,
    });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)]">
      <Quality segmentation={segmentation} />
      <MapCard segmentation={segmentation} segments={segments} chosen={chosen} onChoose={choose} />
      <section aria-labelledby="portraits" className="p-4">
        <h2 id="portraits" className="mb-2 font-semibold">
          {t("segments.portraits")}
        </h2>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(min(20rem,100%),1fr))] gap-4">
          {segments.map((segment) => (
            <Portrait
              key={segment.id}
              segment={segment}
              isChosen={segment === chosen}
              onChoose={() => choose(segment.id)}
            />
          ))}
        </div>
      </section>
    </div>
  );
}
