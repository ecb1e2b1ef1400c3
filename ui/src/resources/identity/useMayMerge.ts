import { grantOf } from "@/resources/access/accessModel";
import { useAccess } from "@/resources/session/useAccess";
import { useMay } from "@/resources/session/useSession";

/**
 * Whether the role allows to merge contacts, which changes the one and deletes the other, to say that two are
 * not one, and to split one. With whose records, the server decides.
 */
export function useMayMerge(): { merge: boolean; decide: boolean; split: boolean } {
  const access = useAccess();
  const write = useMay("write", "contact");
  const create = useMay("create", "contact");
  const mayDelete = access === null || grantOf(access.policy, "contact").delete !== "none";
  return { merge: write && mayDelete, decide: write, split: write && create };
}
