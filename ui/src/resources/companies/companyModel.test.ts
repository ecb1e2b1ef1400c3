import { expect, it } from "vitest";

import { wholeNumber } from "./companyModel";

it.each([
  ["1200", 1200],
  ["1,200", 1200],
  ["1.200", 1200],
  ["1 200", 1200],
  [" 1,200,300 ", 1200300],
  ["", null],
  [" ", null],
  ["many", undefined],
  ["about 50", undefined],
  ["12.5", undefined],
  ["1,2345", undefined],
  [".500", undefined],
  ["-3", undefined],
])("employees typed as %j are %s", (text, n) => {
  expect(wholeNumber(text)).toBe(n);
});
