import { mayUsePool } from "@/resources/access/accessModel";
import { useAccess } from "@/resources/session/useAccess";
import type { Place } from "./navigation";

/** Which places are offered: the pool only to those whose role takes from one. */
export function useOffered(): (place: Place) => boolean {
  const access = useAccess();
  return ({ key }) => key !== "pool" || (access !== null && mayUsePool(access.policy));
}
