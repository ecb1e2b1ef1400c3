import { describe, expect, it } from "vitest";

import { inversePatch, mergePatch } from "./patch";

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
    const undo = inversePatch(contact, change);

    expect(mergePatch(mergePatch(contact, change), undo)).toEqual(contact);
  });
});

it("the way back from another company leads to the company before, not to none", () => {
  const record = { name: "Ada", company: { id: "c1", name: "Lumen" }, owner: null };

  expect(inversePatch(record, { company_id: "c2", owner_id: "u1" })).toEqual({
    company_id: "c1",
    owner_id: null,
  });
});
