/// <reference types="node" />
import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { KINDS } from "./accessModel";
import { RULED } from "./fieldModel";

interface Schema {
  properties: Record<string, unknown>;
  required: string[];
}

/** The server's description of its answers: what may be hidden need not be there, all else always is. */
const document = JSON.parse(readFileSync("../crates/server/openapi.json", "utf8")) as {
  components: { schemas: Record<string, Schema> };
};

it("the fields that may be hidden are those that the server says may be absent", () => {
  for (const kind of KINDS) {
    const schema = document.components.schemas[kind.charAt(0).toUpperCase() + kind.slice(1)]!;
    const mayBeAbsent = Object.keys(schema.properties).filter((name) => !schema.required.includes(name));
    const hideable = RULED[kind].filter(({ mayBeHidden }) => mayBeHidden).map(({ name }) => name);

    expect(hideable.sort(), kind).toEqual(mayBeAbsent.sort());
  }
});

it("every field with a rule is one that a record is changed by", () => {
  for (const kind of KINDS) {
    const patch = document.components.schemas[`${kind.charAt(0).toUpperCase()}${kind.slice(1)}Patch`]!;
    const names = RULED[kind].map(({ name }) => name);

    expect(names.filter((name) => !(name in patch.properties))).toEqual([]);
  }
});
