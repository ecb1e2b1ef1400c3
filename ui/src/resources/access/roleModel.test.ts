import { expect, it } from "vitest";

import type { OwnAccess, RolePolicy, Share, Team } from "@/api/types";
import {
  fieldState,
  grantOf,
  linesOf,
  mayChange,
  mayUsePool,
  mayWriteAnything,
  readsEverything,
  teamsBelow,
  treeOf,
} from "./accessModel";
import {
  builtInPolicy,
  copied,
  isSamePolicy,
  mayGive,
  mayReach,
  withAction,
  withField,
  withGrant,
} from "./roleModel";

it("what narrows the sight narrows what is done with it, and what needs all of it goes", () => {
  const member = builtInPolicy("member");
  const narrow = withGrant(member, "deal", { read: "team" });

  expect(grantOf(narrow, "deal")).toEqual({
    read: "team",
    write: "team",
    delete: "team",
    create: true,
    pool: true,
  });
  expect(grantOf(narrow, "contact")).toEqual(grantOf(member, "contact"));
  expect(narrow.actions).toEqual(["export_records", "train_models"]);
  expect(grantOf(withGrant(narrow, "deal", { read: "none" }), "deal")).toEqual({
    read: "none",
    write: "none",
    delete: "none",
    create: false,
    pool: false,
  });
});

it("nothing is offered beyond what is seen", () => {
  const grant = grantOf(withGrant(builtInPolicy("member"), "deal", { read: "team" }), "deal");

  expect(mayReach(grant, "write", "team")).toBe(true);
  expect(mayReach(grant, "delete", "department")).toBe(false);
  expect(mayReach(grant, "read", "all")).toBe(true);
});

it("imports need all records to be changed, fields all to be seen", () => {
  const viewer = builtInPolicy("viewer");

  expect(mayGive(viewer, "import_files")).toBe(false);
  expect(mayGive(viewer, "define_fields")).toBe(true);
  expect(mayGive(builtInPolicy("member"), "import_files")).toBe(true);
  expect(mayGive(viewer, "export_records")).toBe(true);
});

it("a copy of the administrator manages no users", () => {
  const copy = copied(builtInPolicy("admin"));

  expect(copy.actions).not.toContain("manage_users");
  expect(copy.actions).toContain("manage_settings");
});

it("two policies are the same whatever order they were written in", () => {
  const one = withAction(withAction(builtInPolicy("viewer"), "export_records", true), "train_models", true);
  const other: RolePolicy = { ...one, actions: [...one.actions].reverse() };

  expect(isSamePolicy(one, other)).toBe(true);
  expect(isSamePolicy(one, withGrant(one, "task", { create: true }))).toBe(false);
});

it("a role that only reads writes nothing and takes nothing from the pool", () => {
  expect(mayWriteAnything(builtInPolicy("viewer"))).toBe(false);
  expect(mayUsePool(builtInPolicy("viewer"))).toBe(false);
  expect(mayUsePool(builtInPolicy("member"))).toBe(true);
});

it.each([
  ["one's own", { id: "me" }, [], true],
  ["somebody else's", { id: "you" }, [], false],
  ["shared to be seen", { id: "you" }, [{ user: "me", may_write: false }], false],
  ["shared to be changed", { id: "you" }, [{ user: "me", may_write: true }], true],
  ["shared with somebody else", { id: "you" }, [{ user: "her", may_write: true }], false],
  ["in the pool", null, [], false],
])("with a role for one's own records, what is %s: %s", (_, owner, shared, may) => {
  const grant = { read: "all", write: "own", delete: "none", create: true, pool: true } as const;
  const access: OwnAccess = {
    role_id: null,
    team_ids: [],
    policy: { objects: { deal: grant }, actions: [], fields: {} },
  };
  const shares = shared.map(({ user, may_write }): Share => ({
    user: { id: user, name: user },
    team: null,
    may_write,
  }));

  expect(mayChange(access, "me", "deal", owner && { ...owner, name: "" }, shares)).toBe(may);
});

const team = (id: string, parent_id: string | null): Team => ({ id, name: id, parent_id, kind: "team" });

it("teams stand as a tree, and a ring of teams ends", () => {
  const teams = [team("north", "sales"), team("sales", null), team("service", null), team("far", "north")];

  expect(linesOf(treeOf(teams)).map(({ team: { id }, depth }) => `${depth} ${id}`)).toEqual([
    "0 sales",
    "1 north",
    "2 far",
    "0 service",
  ]);
  expect([...teamsBelow(teams, "sales")].sort()).toEqual(["far", "north", "sales"]);
  expect([...teamsBelow([team("a", "b"), team("b", "a")], "a")].sort()).toEqual(["a", "b"]);
});

it("a rule for a field takes away what reaches all fields, and goes with its last one", () => {
  const admin = copied(builtInPolicy("admin"));

  const reading = withField(admin, "contact", "phone", "read_only");
  expect(reading.fields).toEqual({ contact: { phone: "read_only" } });
  expect(reading.actions).not.toContain("import_files");
  expect(reading.actions).not.toContain("manage_sources");
  expect(reading.actions).toContain("define_fields");
  expect(readsEverything(reading)).toBe(true);
  const hiding = withField(reading, "contact", "phone", "hidden");
  expect(hiding.actions).not.toContain("define_fields");
  expect(readsEverything(hiding)).toBe(false);
  expect(isSamePolicy(reading, hiding)).toBe(false);
  expect(withField(hiding, "contact", "phone", "edit").fields).toEqual({});
  expect(fieldState(hiding, "contact", "phone")).toBe("hidden");
  expect(fieldState(withField(admin, "deal", "address", "hidden"), "deal", "city")).toBe("hidden");
  expect(fieldState(hiding, "company", "phone")).toBe("edit");
});
