import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { ChevronLeft, Undo2 } from "lucide-react";
import { useState } from "react";

import { useData } from "@/api/context";
import type { ModelDetail } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Card, Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { PageBody, PageHeader } from "@/layout/PageHeader";
import { useMay } from "@/resources/session/useSession";
import { History } from "./History";
import { StageDialog, type Step } from "./StageDialog";
import { useVersion } from "./useVersion";
import { useWords } from "./useWords";
import { VersionList } from "./VersionList";
import { VersionPanel } from "./VersionPanel";

/** One kind of model: its versions, the evidence for each, and how they came and went. */
export function ModelShow() {
  const t = useT();
  const data = useData();
  const formats = useFormats();
  const words = useWords();
  const { kind } = useParams({ strict: false }) as { kind: string };
  const {
    data: model,
    error,
    refetch,
  } = useQuery({ queryKey: keys.model(kind), queryFn: () => data.model(kind), staleTime: 5_000 });
  const [step, setStep] = useState<Step | null>(null);
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader
        title={words("kind", kind)}
        before={<BackToModels />}
        note={
          model && t("models.nVersions", { count: model.n_versions, text: formats.number(model.n_versions) })
        }
        actions={model && <RollBack model={model} onStep={setStep} />}
      />
      <PageBody>
        {model ? (
          <Content model={model} onStep={setStep} />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <div role="status" aria-label={t("common.loading")} className="grid gap-4 p-6">
            <Skeleton className="w-1/3" />
            <Skeleton className="w-2/3" />
          </div>
        )}
      </PageBody>
      {model && step && <StageDialog model={model} step={step} onClose={() => setStep(null)} />}
    </div>
  );
}

function Content({ model, onStep }: { model: ModelDetail; onStep: (step: Step) => void }) {
  const { version = model.latest.version } = useSearch({ strict: false }) as { version?: number };
  return (
    <div className="mx-auto grid max-w-6xl grid-cols-[minmax(0,1fr)] items-start gap-4 p-4 lg:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
        <VersionList model={model} chosen={version} />
        <Chosen key={version} model={model} version={version} onStep={onStep} />
      </div>
      <History model={model} />
    </div>
  );
}

interface ChosenProps {
  model: ModelDetail;
  version: number;
  onStep: (step: Step) => void;
}

/** The version that the address names; one that is not there is said, for another would mislead. */
function Chosen({ model, version, onStep }: ChosenProps) {
  const t = useT();
  const { found, error, refetch } = useVersion(model, version);
  if (found) return <VersionPanel version={found} onStep={onStep} />;
  return (
    <Card className="min-w-0">
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <div role="status" aria-label={t("common.loading")} className="grid gap-4 p-6">
          <Skeleton className="w-1/3" />
          <Skeleton className="w-2/3" />
        </div>
      )}
    </Card>
  );
}

function RollBack({ model, onStep }: { model: ModelDetail; onStep: (step: Step) => void }) {
  const t = useT();
  const mayAdminister = useMay("promote_models");
  if (!mayAdminister || model.roll_back_to === null) return null;
  return (
    <Button onClick={() => onStep("rollback")}>
      <Undo2 />
      {t("models.rollBackTo", { version: model.roll_back_to })}
    </Button>
  );
}

function BackToModels() {
  const t = useT();
  return (
    <Link
      to="/models"
      aria-label={t("nav.models")}
      title={t("nav.models")}
      className="-ml-1 grid size-7 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
    >
      <ChevronLeft className="size-4" />
    </Link>
  );
}
