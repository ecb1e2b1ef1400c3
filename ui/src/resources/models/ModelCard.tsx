import { Link } from "@tanstack/react-router";
import { ArrowRight, CircleArrowUp } from "lucide-react";

import type { ModelSummary } from "@/api/types";
import { Card } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { EvidenceBars } from "./EvidenceBars";
import { EvidenceWords } from "./EvidenceWords";
import { StageBadge } from "./StageBadge";
import { useWords } from "./useWords";

const STAGES = ["champion", "shadow", "candidate", "retired"] as const;

/** One kind of model: who serves, on what evidence, and who waits. */
export function ModelCard({ model }: { model: ModelSummary }) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const { kind, champion, latest, stages } = model;
  const name = words("kind", kind);
  const shown = champion ?? latest;
  return (
    <Card className="flex h-full flex-col gap-3 p-4" aria-label={name}>
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="truncate text-base font-semibold">{name}</h2>
          <p className="text-ink-2">
            {champion
              ? t("models.championIs", { version: champion.version })
              : t(kind === "segment" ? "models.noChampionSegments" : "models.noChampion")}
          </p>
        </div>
        <Button asChild size="sm" className="shrink-0">
          <Link to="/models/$kind" params={{ kind }} aria-label={t("models.openKind", { kind: name })}>
            {t("models.open")}
            <ArrowRight />
          </Link>
        </Button>
      </div>
      <ul className="flex flex-wrap gap-x-3 gap-y-1">
        {STAGES.filter((stage) => stages[stage] > 0).map((stage) => (
          <li key={stage} className="flex items-center gap-1.5 text-xs text-ink-2">
            <StageBadge stage={stage} />
            <span className="numeric">{formats.number(stages[stage])}</span>
          </li>
        ))}
      </ul>
      {shown.evidence ? (
        <>
          <EvidenceBars evidence={shown.evidence} version={shown.version} />
          <EvidenceWords evidence={shown.evidence} />
        </>
      ) : (
        <p className="text-ink-2">{t("models.evidence.none")}</p>
      )}
      {latest.stage === "shadow" && latest.promotion.is_ready && (
        <Link
          to="/models/$kind"
          params={{ kind }}
          search={{ version: latest.version }}
          className="mt-auto flex items-center gap-2 rounded-lg bg-accent-soft px-3 py-2 font-medium text-accent-text hover:underline"
        >
          <CircleArrowUp className="size-4 shrink-0" aria-hidden />
          {t("models.ready", { version: latest.version })}
        </Link>
      )}
    </Card>
  );
}
