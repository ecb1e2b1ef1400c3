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
