/// <reference types="node" />
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

import { minorDigits, WITH_THREE, WITHOUT_MINOR } from "./currencies";
import { formatsOf } from "./format";

const domain = readFileSync("../crates/domain/src/money.rs", "utf8");

/** The currencies that the domain's `exponent` gives a number of digits. */
function domainCodes(digits: number): string[] {
  const body = /fn exponent[\s\S]*?\n {4}\}\n/.exec(domain)?.[0] ?? "";
  const arm = body.split("=>").findIndex((part) => new RegExp(`^ ${digits},`).test(part));
  return [...(body.split("=>")[arm - 1] ?? "").matchAll(/b"([A-Z]{3})"/g)].map(([, code]) => code!).sort();
}

it("amounts have the digits that the domain stores them with", () => {
  expect(WITHOUT_MINOR.toSorted()).toEqual(domainCodes(0));
  expect(WITH_THREE.toSorted()).toEqual(domainCodes(3));
  expect(["EUR", "IDR", "COP", "HUF", "LBP", "PKR"].map(minorDigits)).toEqual([2, 2, 2, 2, 2, 2]);
});

it("an amount is written with all the digits it is stored with, whatever the browser thinks", () => {
  const formats = formatsOf("en", "GBP");

  expect(formats.money({ amount_minor: 1_234_567, currency: "IQD" })).toBe("IQD\u00a01,234.567");
  expect(formats.money({ amount_minor: 12_345, currency: "HUF" })).toBe("HUF\u00a0123.45");
  expect(formats.measure(12.4, "money", "JPY")).toBe("¥12");
});

it("only the workspace's own currency goes by a bare sign, so that no two read alike", () => {
  const write = (home: string, currency: string) =>
    formatsOf("en", home).money({ amount_minor: 500, currency }, "whole").replace(/\d+/, "").trim();

  expect([write("CAD", "CAD"), write("CAD", "USD"), write("CAD", "AUD")]).toEqual(["$", "USD", "A$"]);
  expect([write("CNY", "CNY"), write("CNY", "JPY")]).toEqual(["¥", "JPY"]);
  expect([write("GBP", "USD"), write("GBP", "JPY"), write("GBP", "CNY")]).toEqual(["$", "¥", "CN¥"]);
});

it("what rounds to nothing has no minus", () => {
  expect(formatsOf("en", null).number(-0.001, { maximumFractionDigits: 2 })).toBe("0");
  expect(formatsOf("en", null).percent(-0.001)).toBe("0%");
});
