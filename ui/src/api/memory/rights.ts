import { builtInPolicy } from "@/resources/access/roleModel";
import { KINDS, RESOURCE_OF } from "@/resources/access/accessModel";
import type { DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import type { MemoryData } from "./company";
import type { Random } from "./random";

type Rights = Pick<
  DataProvider,
  | "access"
  | "roles"
  | "createRole"
  | "updateRole"
  | "deleteRole"
  | "updateUser"
  | "teams"
  | "createTeam"
  | "updateTeam"
  | "deleteTeam"
  | "teamMembers"
  | "setTeamMembers"
  | "shares"
  | "setShares"
  | "pools"
  | "setPool"
  | "claim"
  | "release"
>;

type Owned = { id: string; owner: Wire.Reference | null; version: number };

/** Roles, teams, shares and pools of the make-believe company. */
export function rightsProvider(
  data: MemoryData,
  random: Random,
  answer: <T>(make: () => T) => Promise<T>,
  nowText: () => string,
  signedIn: () => Wire.SessionUser | null,
  policy: Wire.RolePolicy | undefined,
): Rights {
  let roles: Wire.CustomRole[] = [];
  let teams: Wire.Team[] = [];
  const members = new Map<string, Wire.TeamMember[]>();
  const shares = new Map<string, Wire.Share[]>();
  const rules = new Map<string, Wire.PoolInput>();

  const own = () => policy ?? builtInPolicy(signedIn()?.role ?? "viewer");
  const owned = (kind: Wire.OwnedKind) => data[RESOURCE_OF[kind]] as unknown as Owned[];
  const nOwned = (kind: Wire.OwnedKind) =>
    owned(kind).filter(({ owner }) => owner !== null && owner.id === signedIn()?.id).length;
  const gone = (what: string) => new ApiError(404, "not_found", `no such ${what}`);
  const refuse = (code: string, message: string, status = 409) => new ApiError(status, code, message);
  const nameOf = (all: { id: string; name: string }[], id: string): Wire.Reference => {
    const found = all.find((one) => one.id === id);
    if (!found) throw refuse("unknown_reference", "it names a record that is not there", 422);
    return { id, name: found.name };
  };
  const poolOf = (kind: Wire.OwnedKind): Wire.Pool => ({
    object: kind,
    n_owned_max: rules.get(kind)?.n_owned_max ?? null,
    return_after_days: rules.get(kind)?.return_after_days ?? null,
    n_owned: nOwned(kind),
    may_claim: own().objects[kind]?.pool ?? false,
  });
  function give(kind: Wire.OwnedKind, id: string, owner: Wire.Reference | null) {
    const all = owned(kind);
    const at = all.findIndex((record) => record.id === id);
    const record = all[at];
    if (!record) throw gone(kind);
    if (owner && record.owner) throw refuse("already_claimed", "somebody has it already");
    const max = rules.get(kind)?.n_owned_max;
    if (owner && max && nOwned(kind) >= max) throw refuse("claim_limit", `you have ${max} already`);
    all.splice(at, 1, { ...record, owner, version: record.version + 1 });
  }
  function checkName(name: string, except?: string) {
    if (roles.some((role) => role.name === name && role.id !== except))
      throw refuse("duplicate", `there is a role named ${name} already`);
  }

  return {
    access: () => answer(() => ({ role_id: null, policy: own(), team_ids: [] })),
    roles: () => answer(() => roles),
    createRole: (input) =>
      answer(() => {
        checkName(input.name);
        const role: Wire.CustomRole = { ...input, id: random.id(), created_at: nowText(), version: 1 };
        roles = [...roles, role];
        return role;
      }),
    updateRole: (id, version, input) =>
      answer(() => {
        const old = roles.find((role) => role.id === id);
        if (!old) throw gone("role");
        if (old.version !== version) throw refuse("version_conflict", "somebody changed it", 412);
        checkName(input.name, id);
        const next = { ...old, ...input, version: version + 1 };
        roles = roles.map((role) => (role.id === id ? next : role));
        return next;
      }),
    deleteRole: (id) =>
      answer(() => {
        if (data.users.some((user) => user.role_id === id))
          throw refuse("still_in_use", "somebody has the role");
        roles = roles.filter((role) => role.id !== id);
      }),
    updateUser: (id, change) =>
      answer(() => {
        const old = data.users.find((user) => user.id === id);
        if (!old) throw gone("user");
        const next: Wire.User = {
          ...old,
          ...(change.role ? { role: change.role, role_id: null } : {}),
          ...(change.role_id ? { role: "member" as const, role_id: change.role_id } : {}),
          ...(change.disabled == null ? {} : { disabled_at: change.disabled ? nowText() : null }),
        };
        const users = data.users.map((user) => (user.id === id ? next : user));
        if (!users.some(({ role, disabled_at }) => role === "admin" && disabled_at === null))
          throw refuse("last_administrator", "nobody else is an administrator");
        data.users = users;
        return next;
      }),
    teams: () => answer(() => teams),
    createTeam: ({ parent_id = null, ...input }) =>
      answer(() => {
        const team: Wire.Team = { ...input, parent_id, id: random.id() };
        teams = [...teams, team];
        return team;
      }),
    updateTeam: (id, { parent_id = null, ...input }) =>
      answer(() => {
        const next: Wire.Team = { ...input, parent_id, id };
        teams = teams.map((team) => (team.id === id ? next : team));
        return next;
      }),
    deleteTeam: (id) =>
      answer(() => {
        if (teams.some((team) => team.parent_id === id)) throw refuse("still_in_use", "teams stand below it");
        teams = teams.filter((team) => team.id !== id);
        members.delete(id);
      }),
    teamMembers: (id) => answer(() => members.get(id) ?? []),
    setTeamMembers: (id, next) =>
      answer(() => {
        const named = next.map(({ user_id, is_lead = false }) => ({
          user: nameOf(data.users, user_id),
          is_lead,
        }));
        members.set(id, named);
        return named;
      }),
    shares: (_, id) => answer(() => shares.get(id) ?? []),
    setShares: (_, id, next) =>
      answer(() => {
        const named = next.map(({ user_id, team_id, may_write = false }) => ({
          user: user_id ? nameOf(data.users, user_id) : null,
          team: team_id ? nameOf(teams, team_id) : null,
          may_write,
        }));
        shares.set(id, named);
        return named;
      }),
    pools: () => answer(() => KINDS.map(poolOf)),
    setPool: (kind, rule) =>
      answer(() => {
        rules.set(kind, rule);
        return poolOf(kind);
      }),
    claim: (kind, id) =>
      answer(() => {
        const user = signedIn();
        if (!user) throw refuse("not_signed_in", "sign in first", 401);
        give(kind, id, { id: user.id, name: user.name });
      }),
    release: (kind, id) => answer(() => give(kind, id, null)),
  };
}
