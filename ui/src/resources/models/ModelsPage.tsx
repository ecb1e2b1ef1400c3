import { useQuery } from "@tanstack/react-query";
import { BrainCircuit } from "lucide-react";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Skeleton } from "@/components/ui/bits";
import { EmptyState, ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { ModelCard } from "./ModelCard";
import { ModelsNav } from "./ModelsNav";

/** What has been learned: for each kind of model what serves now, and what would take its place. */
export function ModelsPage() {
  const t = useT();
  const data = useData();
  const {
    data: models,
    error,
    refetch,
  } = useQuery({ queryKey: keys.models, queryFn: () => data.models(), staleTime: 5_000 });
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader title={t("nav.models")} actions={<ModelsNav />} />
      <PageBody>
        {models ? (
          models.length === 0 ? (
            <EmptyState icon={<BrainCircuit />} title={t("models.empty")} text={t("models.emptyHint")} />
          ) : (
            <ul
              aria-label={t("models.kinds")}
              className="grid grid-cols-[repeat(auto-fill,minmax(min(22rem,100%),1fr))] gap-4 p-4"
            >
              {models.map((model) => (
                <li key={model.kind} className="min-w-0">
                  <ModelCard model={model} />
                </li>
              ))}
            </ul>
          )
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <div role="status" aria-label={t("common.loading")} className="grid gap-4 p-6">
            <Skeleton className="w-1/3" />
            <Skeleton className="w-2/3" />
          </div>
        )}
      </PageBody>
    </div>
  );
}
