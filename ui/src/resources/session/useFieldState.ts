import type { OwnedKind } from "@/api/types";
import { fieldState, type FieldState } from "@/resources/access/accessModel";
import { useAccess } from "./useAccess";

/** What the reader's role leaves of the fields of a kind of record; all of them until it is known. */
export function useFieldState(kind: OwnedKind | undefined): (field: string) => FieldState {
  const access = useAccess();
  return (field) => (kind && access ? fieldState(access.policy, kind, field) : "edit");
}
