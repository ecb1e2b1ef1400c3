import type { TrainingOutcome } from "@/api/types";

/** What a training of segments changed of what is shown, by the key of its text. */
export type Outcome = "new" | "kept" | "stays";

/**
 * New segments are shown where the new version serves. A champion that stays takes in the customers of
 * today; where neither is so, another one began to serve meanwhile, and nothing changed.
 */
export function outcomeOf({ is_champion_kept, refusal }: TrainingOutcome): Outcome {
  if (is_champion_kept) return "kept";
  return refusal === null ? "new" : "stays";
}
