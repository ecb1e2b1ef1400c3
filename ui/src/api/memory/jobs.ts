import type { ServerChange } from "../dataProvider";
import type * as Wire from "../types";
import type { Random } from "./random";

/** How long a step of a job takes, in milliseconds. */
const STEP_MS = 150;

/** How a job ends before it is done. */
export type Ending = "failed" | "cancelled";

export type RunJob = (
  kind: string,
  steps: number,
  onStep: (done: number) => Ending | void,
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
      const ending = onStep(done) ?? (done >= steps ? "done" : null);
      const now = { ...job, progress: { ...job.progress, done } };
      announce({ event: "job", job: ending ? { ...now, status: ending, training } : now });
      if (ending) clearInterval(timer);
    }, STEP_MS);
    return job;
  };
}
