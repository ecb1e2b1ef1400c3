import type { IdentityOperation } from "@/api/types";

/** Kinds of operations as the screen tells them; one of a newer server is told as a decision. */
export const KINDS = ["merge", "unmerge", "split", "confirm", "reject", "withdraw", "link"] as const;
export type OperationKind = (typeof KINDS)[number];

export const kindOf = ({ kind }: Pick<IdentityOperation, "kind">): OperationKind =>
  KINDS.find((known) => known === kind) ?? "link";

/** The other contact of an operation, seen from one of the two; of an unmerge the one that left. */
export const otherOf = ({ contact_id, other_id }: IdentityOperation, id: string) =>
  other_id === id ? contact_id : other_id;

/** How an operation can be taken back: a merge parts, a decision is withdrawn, the rest stays as it is. */
export function wayBackOf(operation: IdentityOperation): "unmerge" | "withdraw" | null {
  if (operation.undone_by !== null) return null;
  const kind = kindOf(operation);
  if (kind === "merge") return "unmerge";
  return kind === "split" || kind === "confirm" || kind === "reject" ? "withdraw" : null;
}
