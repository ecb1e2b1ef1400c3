import type { Pipeline, PipelineInput, PipelinePatch, StageOutcome } from "@/api/types";

/** A stage while it is edited; one that is new has no id yet. */
export interface StageDraft {
  key: string;
  id?: string;
  name: string;
  outcome: StageOutcome;
  /** In percent, as typed. */
  chance: string;
}

export interface PipelineDraft {
  name: string;
  stages: StageDraft[];
  /** Where the deals of removed stages go: stage to stage. */
  targets: Record<string, string>;
}

export const draftOf = ({ name, stages }: Pipeline): PipelineDraft => ({
  name,
  stages: stages.map(({ id, name, outcome, probability }) => ({
    key: id,
    id,
    name,
    outcome,
    // Without the dust of binary fractions: 0.07 is 7, not 7.000000000000001.
    chance: String(Number((probability * 100).toFixed(6))),
  })),
  targets: {},
});

/** A draft with the stages in words, their outcomes and chances: the pipeline that most begin with. */
export function usualDraft(name: string, stages: [string, StageOutcome, number][]): PipelineDraft {
  const drafts = stages.map(([name, outcome, chance], i) => ({
    key: `usual-${i}`,
    name,
    outcome,
    chance: String(chance),
  }));
  return { name, stages: drafts, targets: {} };
}

/** The draft with one stage a step up or down. */
export function withMoved(draft: PipelineDraft, idx: number, step: 1 | -1): PipelineDraft {
  const [stage, other] = [draft.stages[idx], draft.stages[idx + step]];
  if (!stage || !other) return draft;
  return { ...draft, stages: draft.stages.with(idx, other).with(idx + step, stage) };
}

/** The draft without one stage; its deals, and those that it was to take, go to the nearest that stays. */
export function withoutStage(draft: PipelineDraft, idx: number): PipelineDraft {
  const removed = draft.stages[idx];
  const stages = draft.stages.toSpliced(idx, 1);
  if (removed?.id === undefined) return { ...draft, stages };
  const near = draft.stages.slice(0, idx).findLast(({ id }) => id) ?? stages.find(({ id }) => id);
  if (near?.id === undefined) return draft;
  const targets = Object.fromEntries(
    Object.entries({ ...draft.targets, [removed.id]: near.id }).map(([from, to]) => [
      from,
      to === removed.id ? near.id! : to,
    ]),
  );
  return { ...draft, stages, targets };
}

const stageOf = ({ name, outcome, chance }: StageDraft) => ({
  name: name.trim(),
  outcome,
  probability: Number(chance) / 100,
});

export const inputOf = ({ name, stages }: PipelineDraft): PipelineInput => ({
  name: name.trim(),
  stages: stages.map(stageOf),
});

export const patchOf = ({ name, stages, targets }: PipelineDraft): PipelinePatch => ({
  name: name.trim(),
  stages: stages.map((stage) => ({ ...(stage.id ? { id: stage.id } : {}), ...stageOf(stage) })),
  moves: Object.entries(targets).map(([from, to]) => ({ from, to })),
});
