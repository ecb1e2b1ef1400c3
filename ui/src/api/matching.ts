/**
 * The wire types of matching, written by hand until the server's description has them; then this file gives
 * way to names of `schema.d.ts` in `types.ts`.
 */
import type { components } from "./schema";

type Id = string;
type Instant = string;
type Reference = components["schemas"]["Reference"];
type Job = components["schemas"]["Job"];

export type MatchStatus = "open" | "same" | "different" | "gone";
export type MatchVerdict = "same" | "different";
/** How near the two values of a field are to each other. */
export type MatchAgreement = "same" | "close" | "similar" | "different" | "missing";

/** One of the two contacts of a pair, as it is now. */
export interface MatchSide {
  contact_id: Id;
  /** Empty where the contact is there no more, or not seen by the reader. */
  name: string;
  n_identities: number;
  n_orders: number;
  created_at: Instant | null;
  sources: Reference[];
}

export interface MatchField {
  /** `name`, `email`, `street`, or `custom.` and a key. */
  field: string;
  left: string | null;
  right: string | null;
  agreement: MatchAgreement;
  /** Bits: what is above zero speaks for one person. */
  weight: number;
}

/** Two contacts of which the program thinks that they may be one person. */
export interface MatchPair {
  id: Id;
  /** In [0, 1]. */
  probability: number;
  /** How much a decision teaches, in [0, 1]. */
  value: number;
  status: MatchStatus;
  /** Whether it is at or above the threshold of automatic merging. */
  is_certain: boolean;
  left: MatchSide;
  right: MatchSide;
  /** Bits, before any field is looked at; with those of the fields they make the odds. */
  prior_weight: number;
  fields: MatchField[];
  model_version: string;
  found_at: Instant;
  operation: number | null;
  decided_by: Id | null;
  decided_at: Instant | null;
  reason: string | null;
}

export interface MatchDecisionInput {
  verdict: MatchVerdict;
  /** Which of the two stays; where nobody says, the one with more identities, then the older. */
  keep: Id | null;
  reason: string | null;
}

export interface MatchDecision {
  match_pair: MatchPair;
  operation: number;
}

/** A merge of all pairs above a probability. */
export interface MatchAcceptance {
  job_id: Id;
  n_pairs: number;
  /** Merged and not taken back. */
  n_merged: number;
  /** One contact by the other merges. */
  n_one: number;
  n_refused: number;
  n_undone: number;
  refused: { match_pair_id: Id; code: string; message: string }[];
}

/** One search for duplicates and what it found. */
export interface MatchRun {
  id: Id;
  job_id: Id;
  started_at: Instant;
  finished_at: Instant | null;
  n_records: number;
  n_candidates: number;
  /** The share of all duplicates that is among the pairs that were compared; null where it is not known. */
  reachable_recall: number | null;
  n_pairs: number;
  n_certain: number;
  n_merged: number;
  threshold: number;
  model_version: string;
  is_automatic: boolean;
}

export interface MatchingSettings {
  /** Whether certain pairs are merged without asking. */
  is_automatic: boolean;
  /** The probability from which on a pair is certain, in [0.9, 1). */
  threshold: number;
  /** Sources that hold each person once. */
  distinct_sources: Id[];
}

export interface MatchAcceptanceStarted {
  job: Job;
  n_pairs: number;
}
