import { describe, expect, it } from "vitest";

import { mergePatch, undoPatch } from "./patch";

const contact = { name: "Ada", email: null, tags: ["vip"], address: { city: "Paris", country: "France" } };

describe("merge patches", () => {
  it("change only what they name, also within an address", () => {
    expect(mergePatch(contact, { address: { city: "Lyon" } })).toEqual({
      ...contact,
      address: { city: "Lyon", country: "France" },
    });
  });

  it("replace lists whole", () => {
    expect(mergePatch(contact, { tags: [] }).tags).toEqual([]);
  });

  it.each([
    [{ name: "Grace" }],
    [{ email: "a@b.example" }],
    [{ tags: ["vip", "new"] }],
    [{ address: { city: null } }],
    [{ name: "x", address: { city: "y", country: null } }],
  ])("are taken back by their inverse: %j", (change) => {
    const saved = mergePatch(contact, change);

    expect(mergePatch(saved, undoPatch(change, contact, saved, saved)!)).toEqual(contact);
  });

  it("are not taken back from a field that somebody changed since", () => {
    const saved = mergePatch(contact, { address: { city: "Lyon" } });
    const now = mergePatch(saved, { address: { city: "Nice" } });

    expect(undoPatch({ address: { city: "Lyon" } }, contact, saved, now)).toBeNull();
    expect(undoPatch({ name: "Ada" }, { name: "Al" }, { name: "Ada" }, now)).toEqual({ name: "Al" });
  });

  it("leave labels alone that others set or took off since", () => {
    const saved = { ...contact, tags: ["new"] };
    const now = { ...contact, tags: ["new", "theirs"] };

    expect(undoPatch({ tags: ["new"] }, contact, saved, now)).toEqual({ tags: ["theirs", "vip"] });
  });
});

it("the way back from another company leads to the company before, not to none", () => {
  const record = { name: "Ada", company: { id: "c1", name: "Lumen" }, owner: null };

  const saved = { ...record, company: { id: "c2" }, owner: { id: "u1" } };

  expect(undoPatch({ company_id: "c2", owner_id: "u1" }, record, saved, saved)).toEqual({
    company_id: "c1",
    owner_id: null,
  });
});
