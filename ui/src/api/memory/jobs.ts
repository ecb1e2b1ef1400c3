import type { ServerChange } from "../dataProvider";
import type * as Wire from "../types";
import type { Random } from "./random";

/** How long a step of a job takes, in milliseconds. */
const STEP_MS = 150;

export type RunJob = (
  kind: string,
  steps: number,
  onStep: (done: number) => void,
  training?: Wire.TrainingOutcome | null,
) => Wire.Job;

/** Runs make-believe jobs step by step and tells of them as a server does. */
export function jobRunner(
  random: Random,
  nowText: () => string,
  announce: (change: ServerChange) => void,
): RunJob {
  return (kind, steps, onStep, training = null) => {
    const job: Wire.Job = {
      id: random.id(),
      kind,
      status: "running",
      progress: { step: kind, done: 0, total: steps },
      attempts: 1,
      error: null,
      created_at: nowText(),
      started_at: nowText(),
      finished_at: null,
      training: null,
    };
    let done = 0;
    const timer = setInterval(() => {
      done += 1;
      onStep(done);
      const now = { ...job, progress: { ...job.progress, done } };
      announce({ event: "job", job: done >= steps ? { ...now, status: "done", training } : now });
      if (done >= steps) clearInterval(timer);
    }, STEP_MS);
    return job;
  };
}
