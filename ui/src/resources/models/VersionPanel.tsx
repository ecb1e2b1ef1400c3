import { Link } from "@tanstack/react-router";
import { FlaskConical } from "lucide-react";

import type { ModelStage, ModelVersion } from "@/api/types";
import { Card } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Cell, HeadCell, RowHead, Table } from "@/components/ui/Table";
import { useFormats, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";
import { CardText } from "./CardText";
import { EvidenceBars } from "./EvidenceBars";
import { EvidenceWords } from "./EvidenceWords";
import { figuresApart } from "./figures";
import { PromotionNote } from "./PromotionNote";
import { StageBadge } from "./StageBadge";
import type { Step } from "./StageDialog";
import { useWords } from "./useWords";

interface VersionPanelProps {
  version: ModelVersion;
  onStep: (step: Step) => void;
}

/** What is known of one version, and what may be done with it. */
export function VersionPanel({ version, onStep }: VersionPanelProps) {
  const t = useT();
  const formats = useFormats();
  const { evidence } = version;
  return (
    <Card className="min-w-0" aria-labelledby="version">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-3">
        <h2 id="version" className="text-base font-semibold">
          {t("models.versionIs", { version: version.version })}
        </h2>
        <StageBadge stage={version.stage} />
        <span className="text-xs text-ink-3">{formats.dateTime(version.created_at)}</span>
        <div className="ml-auto flex flex-wrap gap-1.5 phone:ml-0">
          {version.run_id && (
            <Button asChild variant="ghost">
              <Link to="/models/runs/$id" params={{ id: version.run_id }}>
                <FlaskConical />
                {t("models.openRun")}
              </Link>
            </Button>
          )}
          <Steps version={version} onStep={onStep} />
        </div>
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 p-4">
        <PromotionNote version={version} />
        {evidence && (
          <section aria-labelledby="evidence" className="grid gap-2">
            <h3 id="evidence" className="font-semibold">
              {t("models.evidence.title")}
            </h3>
            <EvidenceBars evidence={evidence} version={version.version} />
            <EvidenceWords evidence={evidence} />
          </section>
        )}
        <VersionFigures version={version} />
        <CardText kind={version.kind} version={version.version} />
      </div>
    </Card>
  );
}

/** The order in which steps are offered: up before down. */
const ORDER: ModelStage[] = ["retired", "candidate", "shadow", "champion"];

function Steps({ version, onStep }: VersionPanelProps) {
  const t = useT();
  const mayAdminister = useMay("promote_models");
  if (!mayAdminister) return null;
  return ORDER.filter((stage) => version.next_stages.includes(stage)).map((to) => (
    <Button
      key={to}
      variant={to === "champion" && version.promotion.is_ready ? "primary" : "secondary"}
      onClick={() => onStep({ version: version.version, to })}
    >
      {t(`models.to.${to}`)}
    </Button>
  ));
}

function VersionFigures({ version }: { version: ModelVersion }) {
  const t = useT();
  const formats = useFormats();
  const words = useWords();
  const { metrics, baseline } = version;
  const names = Object.keys(metrics);
  if (names.length === 0) return null;
  return (
    <section aria-labelledby="version-figures" className="grid grid-cols-[minmax(0,1fr)] gap-1">
      <h3 id="version-figures" className="font-semibold">
        {t("models.metrics")}
      </h3>
      <Table
        labelledBy="version-figures"
        className="-mx-4"
        head={
          <>
            <HeadCell>{t("runs.metric")}</HeadCell>
            <HeadCell isFigure>{t("models.versionIs", { version: version.version })}</HeadCell>
            <HeadCell isFigure>
              {baseline ? t("runs.baselineOf", { name: words("method", baseline.name) }) : t("runs.baseline")}
            </HeadCell>
          </>
        }
      >
        {names.map((name) => {
          const [ours, theirs] = figuresApart(
            [metrics[name] ?? null, baseline?.metrics[name] ?? null],
            formats,
          );
          return (
            <tr key={name}>
              <RowHead className="py-1.5 font-normal">{words("metric", name)}</RowHead>
              <Cell isFigure className="py-1.5 font-medium">
                {ours}
              </Cell>
              <Cell isFigure className="py-1.5 text-ink-2">
                {theirs}
              </Cell>
            </tr>
          );
        })}
      </Table>
    </section>
  );
}
