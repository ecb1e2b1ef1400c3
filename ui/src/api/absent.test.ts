import { expect, it } from "vitest";

import { whole, wholeBoard, wholeProfile } from "./absent";

it("what is left out stands as nothing, and what is told as it is", () => {
  expect(whole("contacts", { id: "1", email: "a@b.example" })).toMatchObject({
    email: "a@b.example",
    phone: null,
    tags: [],
    address: { city: null },
  });
  expect(whole("orders", { id: "1" })).toEqual({ id: "1" });
});

it("profiles and boards are whole", () => {
  const profile = wholeProfile({ contact: { id: "1" }, identities: [{ id: "2", email: "a@b.example" }] });
  expect(profile.identities[0]).toEqual({ id: "2", email: "a@b.example", phone: null, profile_key: "" });
  expect(profile.contact.tags).toEqual([]);

  const board = wholeBoard({ columns: [{ deals: [{ id: "3" }] }] });
  expect(board.columns[0]).toMatchObject({ sums: [], weighted: [], deals: [{ id: "3", amount: null }] });
});
