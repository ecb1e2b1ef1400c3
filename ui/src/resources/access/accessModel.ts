import type {
  FieldRule,
  Grant,
  OwnAccess,
  OwnedKind,
  Reach,
  Reference,
  RolePolicy,
  Share,
  Team,
} from "@/api/types";

/** Kinds of records that have an owner, in the order of the screens. */
export const KINDS: OwnedKind[] = ["contact", "company", "deal", "ticket", "task"];

/** Where each kind is listed. */
export const RESOURCE_OF = {
  contact: "contacts",
  company: "companies",
  deal: "deals",
  ticket: "tickets",
  task: "tasks",
} as const satisfies Record<OwnedKind, string>;

/** The kind of record that a list is of; none where its records have no owner. */
export const kindOf = (resource: string): OwnedKind | undefined =>
  KINDS.find((kind) => RESOURCE_OF[kind] === resource);

/** Whose records something may be done with; each takes in the one before it. */
export const REACHES: Reach[] = ["none", "own", "team", "department", "all"];

export const isWithin = (reach: Reach, of: Reach) => REACHES.indexOf(reach) <= REACHES.indexOf(of);
export const narrower = (one: Reach, other: Reach) => (isWithin(one, other) ? one : other);

export const NO_GRANT: Grant = { read: "none", write: "none", delete: "none", create: false, pool: false };

/** What a role allows with a kind of record; nothing where it does not name it. */
export const grantOf = (policy: RolePolicy, kind: OwnedKind): Grant => policy.objects[kind] ?? NO_GRANT;

/** What may be done with a field. */
export type FieldState = "edit" | FieldRule;

/** Fields under the names that lists and screens have for parts of them, or for what they refer to. */
const RULED_AS: Record<string, string> = {
  city: "address",
  country: "address",
  company: "company_id",
  contact: "contact_id",
  owner: "owner_id",
};

/** What a role leaves of a field; custom ones are named `custom.` and their key. */
export const fieldState = (policy: RolePolicy, kind: OwnedKind, field: string): FieldState =>
  policy.fields[kind]?.[RULED_AS[field] ?? field] ?? "edit";

const rulesOf = (policy: RolePolicy) => KINDS.flatMap((kind) => Object.values(policy.fields[kind] ?? {}));

/** Whether a role has a rule for any field, and whether it hides one. */
export const rulesAny = (policy: RolePolicy) => rulesOf(policy).length > 0;
export const hidesAny = (policy: RolePolicy) => rulesOf(policy).includes("hidden");

/** Whether a role lets do something with all records of all kinds. */
export const isOfAll = (policy: RolePolicy, verb: "read" | "write") =>
  KINDS.every((kind) => grantOf(policy, kind)[verb] === "all");

/** Whether a role sees what mixes everybody's records: imports with their rows, jobs, the ledger. */
export const readsEverything = (policy: RolePolicy) => isOfAll(policy, "read") && !hidesAny(policy);

const changesAnything = ({ create, pool, write, delete: remove }: Grant) =>
  create || pool || write !== "none" || remove !== "none";

/** Whether a role lets change anything at all. */
export const mayWriteAnything = (policy: RolePolicy) => Object.values(policy.objects).some(changesAnything);

/** Whether a role takes from any pool. */
export const mayUsePool = (policy: RolePolicy) => Object.values(policy.objects).some(({ pool }) => pool);

/** Whether a share lets somebody change the record; one with a team that shows here reaches its reader. */
const lets = (share: Share, userId: string) =>
  share.may_write && (share.team !== null || share.user?.id === userId);

/**
 * Whether a record may be changed, as far as is known here: what may be a team's or a department's is
 * offered, for only the server knows of which teams its owner is.
 */
export function mayChange(
  { policy }: OwnAccess,
  userId: string,
  kind: OwnedKind,
  owner: Reference | null,
  shares: Share[],
): boolean {
  const { write, pool } = grantOf(policy, kind);
  if (write === "none") return false;
  if (write === "all" || shares.some((share) => lets(share, userId))) return true;
  // What is in the pool is claimed before it is changed.
  if (owner === null) return !pool;
  return owner.id === userId || write !== "own";
}

/** A team and every team below it. */
export function teamsBelow(teams: Team[], id: string): Set<string> {
  const below = new Set([id]);
  let before = 0;
  while (before < below.size) {
    before = below.size;
    for (const team of teams) if (team.parent_id !== null && below.has(team.parent_id)) below.add(team.id);
  }
  return below;
}

export interface TeamNode {
  team: Team;
  below: TeamNode[];
}

/** The teams as a tree, in the order that they come in; what hangs below nothing known stands at the top. */
export function treeOf(teams: Team[]): TeamNode[] {
  const nodes = new Map(teams.map((team) => [team.id, { team, below: [] } as TeamNode]));
  const tops: TeamNode[] = [];
  for (const node of nodes.values()) {
    const above = node.team.parent_id === null ? undefined : nodes.get(node.team.parent_id);
    (above?.below ?? tops).push(node);
  }
  return tops;
}

/** The tree as lines with their depth, for lists of choices. */
export const linesOf = (nodes: TeamNode[], depth = 0): { team: Team; depth: number }[] =>
  nodes.flatMap(({ team, below }) => [{ team, depth }, ...linesOf(below, depth + 1)]);
