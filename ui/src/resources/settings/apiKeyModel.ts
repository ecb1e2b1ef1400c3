import type { ApiKey, Scope } from "@/api/types";

/** Where the list of keys is cached. */
export const KEYS_QUERY = ["api_keys"];

type Underscored<S extends string> = S extends `${infer Before}:${infer After}` ? `${Before}_${After}` : S;

/** The key of a scope's text; a colon would end the name of a namespace. */
export const scopeText = <S extends Scope>(scope: S) =>
  `apiKeys.scope.${scope.replace(":", "_") as Underscored<S>}` as const;

/** Whether a key still counts at an instant, and if not, why. */
export function standing(key: ApiKey, now: number): "counts" | "revoked" | "ended" {
  if (key.revoked_at) return "revoked";
  return key.expires_at && Date.parse(key.expires_at) <= now ? "ended" : "counts";
}

/** The instant some days from now; null is never. */
export const endAfter = (days: number | null, now: number): string | null =>
  days === null ? null : new Date(now + days * 86_400_000).toISOString();
