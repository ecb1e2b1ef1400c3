import { ApiError } from "../problem";
import type * as Wire from "../types";
import { DAY, iso, NOW } from "./company";
import type { RunStore } from "./runs";

const STAGES = ["candidate", "shadow", "champion", "retired"] as const;
const NEXT: Record<Wire.ModelStage, Wire.ModelStage[]> = {
  candidate: ["shadow", "retired"],
  shadow: ["champion", "candidate", "retired"],
  champion: ["retired"],
  retired: ["candidate"],
};

type Transition = Wire.Transition;

interface Line {
  kind: string;
  revision: number;
  /** The newest first. */
  versions: Wire.ModelVersion[];
  transitions: Transition[];
}

/** A registry that keeps the rules of stages, in memory. */
export class Registry {
  readonly #lines: Line[];

  constructor({ runs }: RunStore) {
    this.#lines = runs.length === 0 ? [] : [segmentLine(runs), scoreLine(runs), forecastLine()];
  }

  list(): Wire.ModelSummary[] {
    return this.#lines.map(summaryOf);
  }

  find(kind: string): Wire.ModelDetail {
    return detailOf(this.#line(kind));
  }

  version(kind: string, version: number): Wire.ModelVersionDetail {
    const line = this.#line(kind);
    return {
      ...judged(line, versionOf(line, version)),
      card: cardOf(kind, version),
      folder: `models/${kind}-${version}`,
    };
  }

  changeStage(
    kind: string,
    revision: number,
    change: Wire.StageChange,
    actor: Transition["actor"],
  ): Wire.ModelDetail {
    const line = this.#line(kind, revision);
    const found = judged(line, versionOf(line, change.version));
    if (!found.next_stages.includes(change.to))
      throw new ApiError(409, "wrong_stage", `a ${found.stage} cannot become a ${change.to} at once`);
    const { is_ready, code, message } = found.promotion;
    if (change.to === "champion" && !is_ready)
      throw new ApiError(409, "promotion_refused", message ?? "", [
        { pointer: "/version", code: code ?? "", message: message ?? "" },
      ]);
    return this.#move(line, change, actor);
  }

  rollBack(kind: string, revision: number, reason: string, actor: Transition["actor"]): Wire.ModelDetail {
    const line = this.#line(kind, revision);
    const version = rollBackTo(line);
    if (version === null) throw new ApiError(409, "nothing_to_roll_back", "no champion came before this one");
    return this.#move(line, { version, to: "champion", reason }, actor);
  }

  /** What somebody else does meanwhile: the revision grows, nothing else changes. */
  touch(kind: string) {
    this.#line(kind).revision += 1;
  }

  #move(line: Line, { version, to, reason }: Wire.StageChange, actor: Transition["actor"]): Wire.ModelDetail {
    const champion = line.versions.find(({ stage }) => stage === "champion");
    const steps = [
      ...(to === "champion" && champion ? [{ version: champion.version, to: "retired" as const }] : []),
      { version, to },
    ];
    for (const step of steps) {
      const from = versionOf(line, step.version).stage;
      line.transitions = [{ ...step, from, reason, actor, at: iso(NOW) }, ...line.transitions];
      line.versions = line.versions.map((one) =>
        one.version === step.version ? { ...one, stage: step.to } : one,
      );
      line.revision += 1;
    }
    return detailOf(line);
  }

  #line(kind: string, revision?: number): Line {
    const line = this.#lines.find((known) => known.kind === kind);
    if (!line) throw new ApiError(404, "not_found", `no model ${kind}`);
    if (revision !== undefined && revision !== line.revision)
      throw new ApiError(412, "version_conflict", `the model has revision ${line.revision}`);
    return line;
  }
}

function versionOf({ versions }: Line, version: number): Wire.ModelVersion {
  const found = versions.find((known) => known.version === version);
  if (!found) throw new ApiError(404, "not_found", `no version ${version}`);
  return found;
}

/** The newest version below the champion that served before. */
function rollBackTo({ versions, transitions }: Line): number | null {
  const champion = versions.find(({ stage }) => stage === "champion");
  const served = (version: number) => transitions.some((t) => t.version === version && t.to === "champion");
  const before = versions.find(
    ({ version, stage }) =>
      stage === "retired" && version < (champion?.version ?? Infinity) && served(version),
  );
  return before?.version ?? null;
}

/** A version with what may be done with it now. */
function judged({ versions }: Line, version: Wire.ModelVersion): Wire.ModelVersion {
  const champion = versions.find(({ stage }) => stage === "champion");
  const no = (code: string, message: string) => ({ is_ready: false, code, message });
  const promotion = (): Wire.ModelVersion["promotion"] => {
    const { evidence, stage } = version;
    if (stage === "champion") return no("is_champion", "this version is the champion already");
    if (stage === "retired") return no("is_retired", "this version is retired");
    if (evidence === null) return no("no_evidence", "this version was never compared on held-back rows");
    if (champion && evidence.champion?.version !== champion.version)
      return no("stale_evidence", `the champion is version ${champion.version} by now`);
    const { metric, value, n_rows } = evidence;
    const isBeaten = (other: number | null) =>
      other === null || (evidence.higher_is_better ? value > other : value < other);
    const against = (other: number | null, who: string) =>
      `${metric} ${value} is not better than ${other} of ${who} on the same ${n_rows} rows`;
    if (champion && evidence.champion && !isBeaten(evidence.champion.value))
      return no(
        "not_better_than_champion",
        against(evidence.champion.value, `the champion (version ${evidence.champion.version})`),
      );
    if (!isBeaten(evidence.baseline.value))
      return no("not_better_than_baseline", against(evidence.baseline.value, evidence.baseline.name));
    return { is_ready: true, code: null, message: null };
  };
  return { ...version, promotion: promotion(), next_stages: NEXT[version.stage] };
}

function summaryOf(line: Line): Wire.ModelSummary {
  const versions = line.versions.map((version) => judged(line, version));
  const count = (stage: Wire.ModelStage) => versions.filter((version) => version.stage === stage).length;
  return {
    kind: line.kind,
    revision: line.revision,
    n_versions: versions.length,
    stages: Object.fromEntries(STAGES.map((stage) => [stage, count(stage)])) as Wire.ModelSummary["stages"],
    champion: versions.find(({ stage }) => stage === "champion") ?? null,
    latest: versions[0]!,
    roll_back_to: rollBackTo(line),
  };
}

function detailOf(line: Line): Wire.ModelDetail {
  return {
    ...summaryOf(line),
    versions: line.versions.map((version) => judged(line, version)),
    transitions: line.transitions,
  };
}

interface Told {
  kind: string;
  version: number;
  stage: Wire.ModelStage;
  daysAgo: number;
  run: Wire.RunDetail | undefined;
  metrics: Wire.MetricValues;
  baseline: Wire.ModelVersion["baseline"];
  evidence: Omit<Wire.Evidence, "measured_at" | "saved_against_champion" | "saved_against_baseline"> | null;
}

function version({ daysAgo, run, evidence, ...told }: Told): Wire.ModelVersion {
  const at = iso(NOW - daysAgo * DAY);
  return {
    ...told,
    id: `${told.kind}-${told.version}`,
    run_id: run?.id ?? null,
    created_at: at,
    evidence: evidence && {
      ...evidence,
      saved_against_champion: null,
      saved_against_baseline: null,
      measured_at: at,
    },
    promotion: { is_ready: false, code: null, message: null },
    files_dropped_at: null,
    next_stages: [],
  };
}

function lineOf(kind: string, versions: Wire.ModelVersion[]): Line {
  const ways: Record<Wire.ModelStage, Wire.ModelStage[]> = {
    candidate: ["candidate"],
    shadow: ["candidate", "shadow"],
    champion: ["candidate", "shadow", "champion"],
    retired: ["candidate", "shadow", "champion", "retired"],
  };
  const transitions = versions.flatMap((one) =>
    ways[one.stage].map((to, i, all): Transition => ({
      version: one.version,
      from: all[i - 1] ?? null,
      to,
      reason: REASONS[to],
      actor: to === "candidate" || to === "champion" ? null : { id: "ada", name: "Ada Example" },
      at: iso(Date.parse(one.created_at) + i * 3_600_000),
    })),
  );
  transitions.sort((a, b) => b.at.localeCompare(a.at));
  return { kind, revision: transitions.length, versions, transitions };
}

const REASONS: Record<Wire.ModelStage, string> = {
  candidate: "trained",
  shadow: "to be promoted next week",
  champion: "better on held-back rows",
  retired: "a better version serves",
};

function segmentLine(runs: Wire.RunDetail[]): Line {
  const of = (
    n: number,
    stage: Wire.ModelStage,
    daysAgo: number,
    value: number,
    champion: [number, number] | null,
  ) =>
    version({
      kind: "segment",
      version: n,
      stage,
      daysAgo,
      run: runs.filter(({ task }) => task === "segment")[4 - n],
      metrics: { silhouette: value, stability_ari: 0.91 },
      baseline: { name: "rfm", metrics: { silhouette: 0.301, stability_ari: 0.99 } },
      evidence: {
        metric: "silhouette",
        higher_is_better: true,
        n_rows: 4338,
        value,
        champion: champion && { version: champion[0], value: champion[1] },
        baseline: { name: "rfm", value: 0.301 },
      },
    });
  return lineOf("segment", [
    of(4, "shadow", 1, 0.371, [2, 0.38]),
    of(3, "shadow", 2, 0.412, [2, 0.38]),
    of(2, "champion", 12, 0.38, [1, 0.364]),
    of(1, "retired", 30, 0.364, null),
  ]);
}

function scoreLine(runs: Wire.RunDetail[]): Line {
  const of = (n: number, stage: Wire.ModelStage, daysAgo: number, brier: number) =>
    version({
      kind: "score",
      version: n,
      stage,
      daysAgo,
      run: runs.filter(({ task }) => task === "score")[3 - n],
      metrics: { auc: 0.9 + n * 0.01, brier, log_loss: 0.293 },
      baseline: { name: "base_rate", metrics: { auc: 0.5, brier: 0.18, log_loss: 0.55 } },
      evidence: {
        metric: "brier",
        higher_is_better: false,
        n_rows: 4884,
        value: brier,
        champion: n === 1 ? null : { version: 1, value: 0.106 },
        baseline: { name: "base_rate", value: 0.18 },
      },
    });
  return lineOf("score", [of(2, "shadow", 1, 0.1), of(1, "champion", 20, 0.106)]);
}

function forecastLine(): Line {
  const only = version({
    kind: "forecast",
    version: 1,
    stage: "candidate",
    daysAgo: 3,
    run: undefined,
    metrics: { mase: 0.93 },
    baseline: { name: "seasonal_naive", metrics: { mase: 1, smape: 0.142 } },
    evidence: null,
  });
  return lineOf("forecast", [only]);
}

function cardOf(kind: string, version: number): string | null {
  if (kind === "forecast") return null;
  return `# Customer segments ${version}

5 segments of 4,338 customers by kmeans, made on 2026-11-24 by Rapport 0.1.0.

| | this model | baseline (rfm) |
|---|---|---|
| stability (mean ARI over 20 resamples) | 0.910 | 0.990 |
| silhouette | 0.412 | 0.301 |

## Segments

**Loyal big spenders** (忠诚高消费客户). They buy often and much.

**Slipping customers** (流失中的客户). They bought often last year.

## Use

- Segments describe customers as they were when the model was made.
- They are no forecast and no judgment of a person.
`;
}
