import { expect, it } from "vitest";

import { FORMATS } from "@/i18n/format";
import { figuresApart, figureText } from "./figures";

const text = (value: number | null) => figureText(value, FORMATS.en);

it("a figure has the digits that count", () => {
  expect([text(0.412345), text(12.34567), text(52_000), text(0.00001234)]).toEqual([
    "0.4123",
    "12.35",
    "52,000",
    "1.234E-5",
  ]);
});

it("nothing and zero are told apart", () => {
  expect([text(null), text(0), text(Number.NaN)]).toEqual(["—", "0", "—"]);
});

it("figures that are not the same never read the same", () => {
  expect(figuresApart([0.38004, 0.38001, null], FORMATS.en)).toEqual(["0.38004", "0.38001", "—"]);
  expect(figuresApart([0.412, 0.38, 0.38], FORMATS.en)).toEqual(["0.412", "0.38", "0.38"]);
});
