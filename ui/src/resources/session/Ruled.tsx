import { use, type ReactNode } from "react";

import type { OwnedKind } from "@/api/types";
import { useFieldState } from "./useFieldState";
import { MayChangeThis } from "./useSession";

interface RuledProps {
  kind: OwnedKind;
  field: string;
  children: ReactNode;
}

/** A field of a record's page as the reader's role has it: changed in place, only read, or not there. */
export function Ruled({ kind, field, children }: RuledProps) {
  const state = useFieldState(kind)(field);
  const mayChange = use(MayChangeThis);
  if (state === "hidden") return null;
  return <MayChangeThis value={state === "edit" ? mayChange : false}>{children}</MayChangeThis>;
}

/** A field of the form of a new record: only there where it may be set. */
export function Settable({ kind, field, children }: RuledProps) {
  return useFieldState(kind)(field) === "edit" ? children : null;
}
