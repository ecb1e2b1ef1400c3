import { useState } from "react";

import { ApiError } from "@/api/problem";
import type { ModelDetail, ModelVersion } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field, Textarea } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { EvidenceBars } from "./EvidenceBars";
import { EvidenceWords } from "./EvidenceWords";
import { PromotionNote } from "./PromotionNote";
import { useStageChange, versionOf, type Step } from "./useStageChange";
import { useVersion } from "./useVersion";

export type { Step } from "./useStageChange";

/** As many characters as the server takes. */
const MAX_REASON = 500;

interface StageDialogProps {
  /** The newest that is known: it may change while the dialog is open. */
  model: ModelDetail;
  step: Step;
  onClose: () => void;
}

/** Asks for the reason of a change, says what it does, and what the server has against it. */
export function StageDialog({ model, step, onClose }: StageDialogProps) {
  const t = useT();
  const words = useStepWords(model, step);
  const [reason, setReason] = useState("");
  const change = useStageChange(onClose);
  const { found: version } = useVersion(model, step === "rollback" ? null : step.version);
  const isPossible =
    step === "rollback" ? model.roll_back_to !== null : version?.next_stages.includes(step.to);
  const isPromotion = step !== "rollback" && step.to === "champion";
  const isBlocked = !isPossible || (isPromotion && !version?.promotion.is_ready);
  const { error } = change;
  const reasonError =
    error instanceof ApiError ? error.violations.find(({ pointer }) => pointer === "/reason") : undefined;
  return (
    <Dialog open onOpenChange={onClose} title={words.title} description={words.effect}>
      <form
        className="scrollbar-thin grid grid-cols-[minmax(0,1fr)] gap-4 overflow-y-auto p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBlocked) change.mutate({ model, step, reason: reason.trim() });
        }}
      >
        {isPromotion && version && <Grounds version={version} />}
        <Field
          label={t("models.reason")}
          hint={t("models.reasonHint")}
          error={reasonError && messageOf(error)}
        >
          {(props) => (
            <Textarea
              {...props}
              required
              maxLength={MAX_REASON}
              autoFocus
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {!isPossible && (
          <p role="status" className="text-warn">
            {t("models.stepGone")}
          </p>
        )}
        {error && !reasonError && (
          <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-bad">
            {error instanceof ApiError && error.isConflict ? t("models.changedMeanwhile") : messageOf(error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            variant="primary"
            disabled={isBlocked || change.isPending || reason.trim() === ""}
          >
            {words.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What a promotion rests on. */
function Grounds({ version }: { version: ModelVersion }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <PromotionNote version={version} />
      {version.evidence && (
        <>
          <EvidenceBars evidence={version.evidence} version={version.version} />
          <EvidenceWords evidence={version.evidence} />
        </>
      )}
    </div>
  );
}

function useStepWords(model: ModelDetail, step: Step) {
  const t = useT();
  const champion = model.champion?.version;
  const version = versionOf(model, step) ?? "";
  if (step === "rollback") {
    return {
      title: t("models.rollBackTo", { version }),
      submit: t("models.rollBack"),
      effect:
        champion === undefined
          ? t("models.rollBackEffectNone", { version })
          : t("models.rollBackEffect", { version, champion }),
    };
  }
  const { to } = step;
  const effect =
    to === "champion" && champion !== undefined
      ? t("models.effect.championReplaces", { version, champion })
      : to === "retired" && champion === version
        ? t(`models.effect.${model.kind === "segment" ? "retiredChampionSegments" : "retiredChampion"}`, {
            version,
          })
        : t(`models.effect.${to}`, { version });
  return { title: t(`models.change.${to}`, { version }), submit: t(`models.to.${to}`), effect };
}
