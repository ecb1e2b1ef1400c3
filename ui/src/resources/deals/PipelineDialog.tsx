import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Pipeline, StageOutcome } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button, IconButton } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Input, Select } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { TextField } from "@/resources/pickers/fields";
import { SureChoice } from "./DealInputs";
import {
  draftOf,
  inputOf,
  patchOf,
  usualDraft,
  withMoved,
  withoutStage,
  type PipelineDraft,
  type StageDraft,
} from "./pipelineModel";

const OUTCOMES: StageOutcome[] = ["open", "won", "lost"];

interface PipelineDialogProps {
  /** The one to change; none for a new one. */
  pipeline?: Pipeline;
  onSaved: (id: string) => void;
  onClose: () => void;
}

/** The dialog in which a pipeline is made or changed: its name, its stages in order, what each means. */
export function PipelineDialog({ pipeline, onSaved, onClose }: PipelineDialogProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const usual = useUsualDraft();
  const [draft, setDraft] = useState<PipelineDraft>(() => (pipeline ? draftOf(pipeline) : usual));
  const save = useMutation({
    mutationFn: () =>
      pipeline
        ? data.updatePipeline(pipeline.id, pipeline.version, patchOf(draft))
        : data.createPipeline(inputOf(draft)),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: keys.pipelines });
      void client.invalidateQueries({ queryKey: keys.list("deals") });
      toast.success(t("pipelines.saved"));
      onSaved(id);
      onClose();
    },
    // A colleague's change is shown as soon as the dialog is opened again.
    onError: () => void client.invalidateQueries({ queryKey: keys.pipelines }),
  });
  const setStage = (idx: number, change: Partial<StageDraft>) =>
    setDraft({ ...draft, stages: draft.stages.with(idx, { ...draft.stages[idx]!, ...change }) });
  const add = () =>
    setDraft({
      ...draft,
      stages: [{ key: crypto.randomUUID(), name: "", outcome: "open", chance: "10" }, ...draft.stages],
    });
  const removed = pipeline?.stages.filter(({ id }) => id in draft.targets) ?? [];
  const staying = draft.stages.flatMap(({ id, name }) => (id ? [{ value: id, label: name }] : []));

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t(pipeline ? "pipelines.edit" : "pipelines.new")}
      className="max-w-2xl"
    >
      <form
        onSubmit={(event) => (event.preventDefault(), save.mutate())}
        className="scrollbar-thin grid gap-4 overflow-y-auto p-5"
      >
        <TextField
          label={t("pipelines.name")}
          value={draft.name}
          onChange={(name) => setDraft({ ...draft, name })}
          required
          autoFocus
        />
        <fieldset>
          <legend className="mb-1 text-xs font-medium text-ink-2">{t("pipelines.stages")}</legend>
          <ol className="grid gap-1.5">
            {draft.stages.map((stage, idx) => (
              <StageRow
                key={stage.key}
                stage={stage}
                idx={idx}
                isLast={idx === draft.stages.length - 1}
                onChange={(change) => setStage(idx, change)}
                onStep={(step) => setDraft(withMoved(draft, idx, step))}
                onRemove={() => setDraft(withoutStage(draft, idx))}
              />
            ))}
          </ol>
          <Button variant="ghost" className="mt-1.5" onClick={add}>
            <Plus />
            {t("pipelines.add")}
          </Button>
        </fieldset>
        {removed.map(({ id, name }) => (
          <SureChoice
            key={id}
            label={t("pipelines.target", { stage: name })}
            value={draft.targets[id]!}
            options={staying}
            onChange={(to) => setDraft({ ...draft, targets: { ...draft.targets, [id]: to } })}
          />
        ))}
        {save.error && (
          <p role="alert" className="text-bad">
            {messageOf(save.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={save.isPending}>
            {t(pipeline ? "common.save" : "pipelines.create")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface StageRowProps {
  stage: StageDraft;
  idx: number;
  isLast: boolean;
  onChange: (change: Partial<StageDraft>) => void;
  onStep: (step: 1 | -1) => void;
  onRemove: () => void;
}

function StageRow({ stage, idx, isLast, onChange, onStep, onRemove }: StageRowProps) {
  const t = useT();
  const named = { stage: stage.name || String(idx + 1) };
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_6rem_4rem_auto] items-center gap-1.5 phone:grid-cols-[minmax(0,1fr)_5rem_3.5rem]">
      <Input
        aria-label={t("pipelines.stageOf", { n: idx + 1 })}
        value={stage.name}
        required
        maxLength={100}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Select
        aria-label={t("pipelines.outcomeOf", named)}
        value={stage.outcome}
        onChange={(event) => onChange({ outcome: event.target.value as StageOutcome })}
      >
        {OUTCOMES.map((outcome) => (
          <option key={outcome} value={outcome}>
            {t(`deal.outcomeIs.${outcome}`)}
          </option>
        ))}
      </Select>
      <Input
        aria-label={t("pipelines.chanceOf", named)}
        type="number"
        min={0}
        max={100}
        step="any"
        required
        value={stage.chance}
        onChange={(event) => onChange({ chance: event.target.value })}
      />
      <span className="flex phone:col-span-3 phone:justify-end">
        <IconButton label={t("pipelines.up", named)} disabled={idx === 0} onClick={() => onStep(-1)}>
          <ArrowUp />
        </IconButton>
        <IconButton label={t("pipelines.down", named)} disabled={isLast} onClick={() => onStep(1)}>
          <ArrowDown />
        </IconButton>
        <IconButton label={t("pipelines.remove", named)} onClick={onRemove}>
          <Trash2 />
        </IconButton>
      </span>
    </li>
  );
}

function useUsualDraft(): PipelineDraft {
  const t = useT();
  return usualDraft(t("pipelines.usual.name"), [
    [t("pipelines.usual.talks"), "open", 10],
    [t("pipelines.usual.qualified"), "open", 25],
    [t("pipelines.usual.proposal"), "open", 50],
    [t("pipelines.usual.negotiation"), "open", 75],
    [t("pipelines.usual.won"), "won", 100],
    [t("pipelines.usual.lost"), "lost", 0],
  ]);
}
