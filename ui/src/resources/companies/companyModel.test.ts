import { expect, it } from "vitest";

import { numberOrNull } from "./companyModel";

it.each([
  ["1200", 1200],
  ["1,200", 1200],
  ["1 200", 1200],
  ["", null],
  ["many", null],
])("employees typed as %j are %s", (text, n) => {
  expect(numberOrNull(text)).toBe(n);
});
