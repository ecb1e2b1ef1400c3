/**
 * Runs and the registry of models on the wire. Every property of an answer is always there, if only as
 * null; instants are RFC 3339 in UTC.
 */
type Instant = string;
type Id = string;
/** Figures by name. */
export type Figures = Record<string, number | null>;

export type RunStatus = "running" | "finished" | "failed" | "cancelled";
export type ModelStage = "candidate" | "shadow" | "champion" | "retired";

export interface RunSummary {
  id: Id;
  name: string;
  /** What was to be learned: `segment`, `score`, `forecast`. */
  task: string;
  /** The method. */
  model: string;
  status: RunStatus;
  tags: string[];
  seed: number | null;
  started_at: Instant;
  /** Null while it runs. */
  finished_at: Instant | null;
  seconds: number | null;
  /** Why it failed. */
  error: string | null;
  /** The figure that counts. */
  headline: {
    metric: string;
    value: number | null;
    baseline: number | null;
    higher_is_better: boolean;
  } | null;
  /** The last value of each metric, by name; null where it was no finite number. */
  metrics: {
    name: string;
    step: number;
    value: number | null;
    min: number | null;
    max: number | null;
    n_points: number;
  }[];
  /** Trials of its search. */
  n_trials: number;
  /** The search that it is one trial of. */
  parent_id: Id | null;
  job_id: Id | null;
  model_version: { kind: string; version: number; stage: ModelStage } | null;
}

export interface RunDetail extends RunSummary {
  params: Record<string, number | string | boolean | string[] | null>;
  data: { n_rows: number; fingerprint: string; as_of: Instant | null } | null;
  code_version: string;
  has_evaluation: boolean;
}

export interface RunCurves {
  id: Id;
  name: string;
  /** At most so many points as asked for; the lowest and highest of every stretch are among them. */
  series: { metric: string; n_points: number; steps: number[]; values: (number | null)[] }[];
}

export interface RunEvaluation {
  n_rows: number;
  metrics: Figures;
  baseline: { name: string; metrics: Figures } | null;
  calibration: {
    positive: string;
    ece: number | null;
    bins: { lower: number; upper: number; n: number; mean_predicted: number; observed: number }[];
  } | null;
  /** `counts[actual][predicted]`. */
  confusion: { labels: string[]; threshold: number | null; counts: number[][] } | null;
  /** The largest first. */
  importances: { feature: string; importance: number }[];
  /** What the model was chosen from. */
  candidates: { name: string; metrics: Figures; is_chosen: boolean }[];
}

export interface Trial {
  number: number;
  status: "running" | "finished" | "stopped" | "failed";
  params: RunDetail["params"];
  /** Null unless finished. */
  value: number | null;
  cost: number | null;
  /** What it told on the way. */
  reports: { step: number; value: number | null }[];
  error: string | null;
}

export interface ModelVersion {
  id: Id;
  kind: string;
  version: number;
  stage: ModelStage;
  run_id: Id | null;
  created_at: Instant;
  metrics: Figures;
  baseline: { name: string; metrics: Figures } | null;
  /** The comparison on held-back data that a promotion rests on. */
  evidence: {
    metric: string;
    higher_is_better: boolean;
    n_rows: number;
    value: number;
    champion: { version: number; value: number | null } | null;
    baseline: { name: string; value: number | null };
    saved_against_champion: { lower: number; upper: number } | null;
    saved_against_baseline: { lower: number; upper: number } | null;
    measured_at: Instant;
  } | null;
  /** Whether it could become champion from the shadow now, and why not. */
  promotion: { is_ready: boolean; code: string | null; message: string | null };
  next_stages: ModelStage[];
}

export interface ModelVersionDetail extends ModelVersion {
  /** The model in words for people, in Markdown. */
  card: string | null;
  folder: string | null;
}

export interface ModelSummary {
  kind: string;
  /** Grows with every registration and every change of a stage. */
  revision: number;
  n_versions: number;
  stages: Record<ModelStage, number>;
  champion: ModelVersion | null;
  latest: ModelVersion;
  /** The version that a roll-back brings back. */
  roll_back_to: number | null;
}

export interface ModelDetail extends ModelSummary {
  versions: ModelVersion[];
  /** Every change of a stage, the newest first. */
  transitions: {
    version: number;
    /** Null on registration. */
    from: ModelStage | null;
    to: ModelStage;
    reason: string;
    /** Null: the program itself. */
    actor: { id: Id; name: string } | null;
    at: Instant;
  }[];
}

export interface StageChange {
  version: number;
  to: ModelStage;
  reason: string;
}

interface Get<T, Parameters> {
  get: {
    parameters: Parameters;
    responses: { 200: { content: { "application/json": T } } };
  };
}
interface Post<T, Path, Body> {
  post: {
    parameters: { path: Path; header: { "If-Match": string } };
    requestBody: { content: { "application/json": Body } };
    responses: { 200: { content: { "application/json": T } } };
  };
}
interface Meta {
  next_cursor: string | null;
  estimate: number | null;
}
interface ListQuery {
  filter?: string[];
  sort?: string;
  search?: string;
  cursor?: string;
  limit?: number;
  count?: "estimate";
}

/** Lists and single records of runs go the common way of all lists and records. */
export interface ModelPaths {
  "/api/v1/runs/compare": Get<{ runs: RunDetail[] }, { query: { run: string } }>;
  "/api/v1/runs/curves": Get<
    { runs: RunCurves[] },
    { query: { run: string; metric?: string; points?: number } }
  >;
  "/api/v1/runs/{id}/evaluation": Get<RunEvaluation, { path: { id: Id } }>;
  "/api/v1/runs/{id}/trials": Get<{ trials: Trial[]; meta: Meta }, { path: { id: Id }; query?: ListQuery }>;
  "/api/v1/models": Get<{ models: ModelSummary[] }, { query?: never }>;
  "/api/v1/models/{kind}": Get<ModelDetail, { path: { kind: string } }>;
  "/api/v1/models/{kind}/versions/{version}": Get<
    ModelVersionDetail,
    { path: { kind: string; version: number } }
  >;
  "/api/v1/models/{kind}/transitions": Post<ModelDetail, { kind: string }, StageChange>;
  "/api/v1/models/{kind}/rollbacks": Post<ModelDetail, { kind: string }, { reason: string }>;
}
