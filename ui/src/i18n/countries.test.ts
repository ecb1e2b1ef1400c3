import { expect, it } from "vitest";

import { countryCode, countryCodes, spellingsOf } from "./countries";
import { FORMATS } from "./format";

it.each([
  ["China", "CN"],
  ["中国", "CN"],
  ["cn", "CN"],
  ["United Kingdom", "GB"],
  ["UK", "GB"],
  ["EIRE", "IE"],
  ["香港", "HK"],
  ["Unspecified", null],
  ["European Union", null],
])("%s is the country %s", (text, code) => {
  expect(countryCode(text)).toBe(code);
});

it("a country that a source wrote in English is Chinese on the Chinese screen", () => {
  expect(FORMATS.zh.country("China")).toBe("中国");
  expect(FORMATS.en.country("中国")).toBe("China");
  expect(FORMATS.zh.country("Channel Islands")).toBe("Channel Islands");
});

it("no way to write a country holds the comma that parts the values of a filter", () => {
  expect(
    countryCodes()
      .flatMap(spellingsOf)
      .filter((name) => name.includes(",")),
  ).toEqual([]);
});
