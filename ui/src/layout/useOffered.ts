import { grantOf, mayUsePool, readsEverything } from "@/resources/access/accessModel";
import { useAccess } from "@/resources/session/useAccess";
import type { Place } from "./navigation";

/**
 * Which places are offered: the pool only to those whose role takes from one, duplicates to those who may
 * change contacts, what mixes everybody's records only to those who see all of them.
 */
export function useOffered(): (place: Place) => boolean {
  const policy = useAccess()?.policy;
  return ({ key }) => {
    if (key === "pool") return policy !== undefined && mayUsePool(policy);
    if (key === "duplicates") return policy === undefined || grantOf(policy, "contact").write !== "none";
    return (key !== "imports" && key !== "sources") || policy === undefined || readsEverything(policy);
  };
}
