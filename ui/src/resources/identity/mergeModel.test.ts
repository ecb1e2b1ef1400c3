import { expect, it } from "vitest";

import { memoryProvider } from "@/api/memory";
import type { Contact } from "@/api/types";
import { mergedFields } from "./mergeModel";

const base = memoryProvider({ customers: 1 }).data.contacts[0]!;
const nowhere = { street: null, city: null, region: null, postal_code: null, country: null };
const bare: Contact = {
  ...base,
  ...{ name: "Ada Kim", email: null, phone: null, title: null, company: null, language: null, owner: null },
  ...{ address: nowhere, tags: [] },
};

const told = (left: Contact, right: Contact, stays: "left" | "right" = "left") =>
  Object.fromEntries(
    mergedFields(left, right, stays).map(({ field, survivor, isFilled }) => [
      field,
      isFilled ? `${survivor} fills` : survivor,
    ]),
  );

it("keeps the fields of the one that stays and fills what it lacks", () => {
  const other = { ...bare, name: "A. Kim", email: "ada@kim.example" };

  expect(told(bare, other)).toEqual({ name: "left", email: "right fills" });
  expect(told(bare, other, "right")).toEqual({ name: "right", email: "right" });
});

it("takes an address whole", () => {
  const one = { ...bare, address: { ...nowhere, city: "Lyon" } };
  const other = { ...bare, address: { ...nowhere, city: "Paris", street: "Rue 1" } };

  expect(told(one, other)).toEqual({ name: "left", street: null, city: "left" });
  expect(told(bare, other)).toMatchObject({ street: "right fills", city: "right fills" });
});

it("unites tags", () => {
  expect(told({ ...bare, tags: ["a"] }, { ...bare, tags: ["b"] })).toMatchObject({ tags: "both" });
  expect(told(bare, { ...bare, tags: ["b"] })).toMatchObject({ tags: "right fills" });
});

it("leaves out what neither has", () => {
  expect(told(bare, bare)).toEqual({ name: "left" });
});
