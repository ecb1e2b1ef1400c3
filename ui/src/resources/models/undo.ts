import type { ModelDetail, ModelStage } from "@/api/types";

/** One step that brings a model back to where it stood before. */
export type WayBack = { to: ModelStage; version: number } | "rollback";

/**
 * The way back from a change of stage, where the rules know one step for it: a champion that stepped
 * down comes back by a roll-back, everything else by the opposite change. Null where there is none.
 */
export function wayBack(before: ModelDetail, after: ModelDetail, version: number): WayBack | null {
  const stageIn = (model: ModelDetail) => model.versions.find((one) => one.version === version);
  const from = stageIn(before)?.stage;
  const champion = before.champion?.version ?? null;
  if (champion !== null && champion !== after.champion?.version)
    return after.roll_back_to === champion ? "rollback" : null;
  const next = stageIn(after)?.next_stages ?? [];
  return from !== undefined && from !== "champion" && next.includes(from) ? { to: from, version } : null;
}
