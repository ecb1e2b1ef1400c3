import type { Action, Grant, OwnedKind, Reach, Role, RolePolicy } from "@/api/types";
import {
  grantOf,
  isOfAll,
  isWithin,
  KINDS,
  narrower,
  NO_GRANT,
  readsEverything,
  rulesAny,
  type FieldState,
} from "./accessModel";

/** What a role may give, in the order of the screen. */
export const GIVEN = [
  "import_files",
  "export_records",
  "train_models",
  "promote_models",
  "define_fields",
  "manage_settings",
  "manage_sources",
  "manage_webhooks",
  "read_audit",
] as const satisfies Action[];
export type GivenAction = (typeof GIVEN)[number];

export const REACH_VERBS = ["read", "write", "delete"] as const;
export const YES_VERBS = ["create", "pool"] as const;
export type Verb = (typeof REACH_VERBS)[number] | (typeof YES_VERBS)[number];

const FULL: Grant = { read: "all", write: "all", delete: "all", create: true, pool: true };
const SEE_ALL: Grant = { ...NO_GRANT, read: "all" };
const OF_MEMBERS: Action[] = ["import_files", "export_records", "train_models"];

export const BUILT_IN: Role[] = ["admin", "member", "viewer"];

/** What a built-in role allows; the server decides the same by itself. */
export function builtInPolicy(role: Role): RolePolicy {
  const grant = role === "viewer" ? SEE_ALL : FULL;
  const actions: Record<Role, Action[]> = {
    admin: [...GIVEN, "manage_users", "manage_mailboxes"],
    member: OF_MEMBERS,
    viewer: [],
  };
  return {
    objects: Object.fromEntries(KINDS.map((kind) => [kind, grant])),
    actions: actions[role],
    fields: {},
  };
}

/** Where a new role begins: everybody sees and changes what is their own. */
export const NEW_POLICY: RolePolicy = {
  objects: Object.fromEntries(
    KINDS.map((kind) => [kind, { read: "own", write: "own", delete: "none", create: true, pool: false }]),
  ),
  actions: [],
  fields: {},
};

/** Whether the grants are wide enough for an action. */
export function mayGive(policy: RolePolicy, action: GivenAction): boolean {
  if (action === "import_files")
    return isOfAll(policy, "read") && isOfAll(policy, "write") && !rulesAny(policy);
  if (action === "manage_sources") return !rulesAny(policy);
  const tellsOfAll = action === "define_fields" || action === "read_audit";
  return !tellsOfAll || readsEverything(policy);
}

/** The policy without the actions for which its grants are too narrow. */
const withoutTooWide = (policy: RolePolicy): RolePolicy => ({
  ...policy,
  actions: policy.actions.filter((action) => {
    const given = GIVEN.find((one) => one === action);
    return given !== undefined && mayGive(policy, given);
  }),
});

/** Whether a cell may hold a reach: nothing is changed or deleted beyond what is seen. */
export const mayReach = (grant: Grant, verb: Verb, reach: Reach) =>
  verb === "read" || isWithin(reach, grant.read);

/** A policy with one cell changed; what can then no longer be allowed goes with it. */
export function withGrant(policy: RolePolicy, kind: OwnedKind, change: Partial<Grant>): RolePolicy {
  const grant = { ...grantOf(policy, kind), ...change };
  const isSeen = grant.read !== "none";
  const fitting: Grant = {
    read: grant.read,
    write: narrower(grant.write, grant.read),
    delete: narrower(grant.delete, grant.read),
    create: isSeen && grant.create,
    pool: isSeen && grant.pool,
  };
  return withoutTooWide({ ...policy, objects: { ...policy.objects, [kind]: fitting } });
}

export const withAction = (policy: RolePolicy, action: GivenAction, isGiven: boolean): RolePolicy => ({
  ...policy,
  actions: GIVEN.filter((one) => (one === action ? isGiven : policy.actions.includes(one))),
});

/** A policy with the state of one field changed; what can then no longer be allowed goes with it. */
export function withField(policy: RolePolicy, kind: OwnedKind, field: string, state: FieldState): RolePolicy {
  const { [field]: _, ...others } = policy.fields[kind] ?? {};
  const rules = state === "edit" ? others : { ...others, [field]: state };
  const { [kind]: __, ...rest } = policy.fields;
  const fields = Object.keys(rules).length === 0 ? rest : { ...rest, [kind]: rules };
  return withoutTooWide({ ...policy, fields });
}

/** A policy that a new role may have: only administrators manage users. */
export const copied = (policy: RolePolicy): RolePolicy => withoutTooWide(policy);

const cellsOf = (policy: RolePolicy) =>
  JSON.stringify([
    KINDS.map((kind) => {
      const { read, write, delete: remove, create, pool } = grantOf(policy, kind);
      return [read, write, remove, create, pool];
    }),
    GIVEN.filter((action) => policy.actions.includes(action)),
    KINDS.map((kind) => Object.entries(policy.fields[kind] ?? {}).sort()),
  ]);

export const isSamePolicy = (one: RolePolicy, other: RolePolicy) => cellsOf(one) === cellsOf(other);
