import type { DataProvider, ServerChange } from "../dataProvider";
import type * as Wire from "../types";
import { listRows } from "./lists";
import { Registry } from "./registry";
import { curvesOf, makeRuns, runsOf, type RunStore } from "./runs";

const NOTHING: RunStore = { runs: [], curves: new Map(), evaluations: new Map(), trials: new Map() };

export interface Learning {
  store: RunStore;
  registry: Registry;
}

/** The runs and models of a company; one without customers learned nothing yet. */
export function makeLearning(customers: number): Learning {
  const store = customers > 0 ? makeRuns() : NOTHING;
  const registry = new Registry(store);
  for (const { kind } of registry.list()) {
    for (const { run_id, version, stage } of registry.find(kind).versions) {
      const run = store.runs.find(({ id }) => id === run_id);
      if (run) run.model_version = { kind, version, stage };
    }
  }
  return { store, registry };
}

type LearningProvider = Pick<
  DataProvider,
  | "compareRuns"
  | "curves"
  | "evaluation"
  | "trials"
  | "models"
  | "model"
  | "modelVersion"
  | "changeStage"
  | "rollBack"
>;

/** The part of the provider that is about runs and models. */
export function learningProvider(
  { store, registry }: Learning,
  answer: <T>(make: () => T) => Promise<T>,
  actor: () => Wire.Transition["actor"],
  announce: (change: ServerChange) => void,
): LearningProvider {
  const tell = (model: Wire.ModelDetail) => (announce({ event: "model", model }), model);
  return {
    compareRuns: (ids) => answer(() => runsOf(store, ids)),
    curves: (ids, metrics) => answer(() => curvesOf(store, ids, metrics)),
    evaluation: (id) => answer(() => store.evaluations.get(id) ?? null),
    trials: (id, query, page) =>
      answer(() => {
        const rows = (store.trials.get(id) ?? []).map((trial) => ({ ...trial, id: String(trial.number) }));
        return listRows(rows, query, page);
      }),
    models: () => answer(() => registry.list()),
    model: (kind) => answer(() => registry.find(kind)),
    modelVersion: (kind, version) => answer(() => registry.version(kind, version)),
    changeStage: (kind, revision, change) =>
      answer(() => tell(registry.changeStage(kind, revision, change, actor()))),
    rollBack: (kind, revision, reason) =>
      answer(() => tell(registry.rollBack(kind, revision, reason, actor()))),
  };
}
