import { expect, it } from "vitest";

import { differences, type Piece } from "./differences";

const written = (pieces: Piece[]) =>
  pieces.map(({ text, isMarked }) => (isMarked ? `[${text}]` : text)).join("");
const both = (left: string, right: string) => {
  const { left: one, right: other } = differences(left, right);
  return [written(one), written(other)];
};

it("marks the letters that only one of the two has", () => {
  expect(both("Marta Keller", "Martha Keller")).toEqual(["Marta Keller", "Mart[h]a Keller"]);
  expect(both("Müller", "Muller")).toEqual(["M[ü]ller", "M[u]ller"]);
  expect(both("+442079460000", "+442079460007")).toEqual(["+44207946000[0]", "+44207946000[7]"]);
});

it("takes one letter that agrees by chance for one that differs", () => {
  expect(both("anna.a1b2@x.example", "anna.c1d2@x.example")).toEqual([
    "anna.[a1b]2@x.example",
    "anna.[c1d]2@x.example",
  ]);
});

it("takes capitals and full width for the same", () => {
  expect(both("ADA KIM", "Ada Kim")).toEqual(["ADA KIM", "Ada Kim"]);
  expect(both("Ａｄａ", "ada")).toEqual(["Ａｄａ", "ada"]);
});

it("marks values whole that have little in common", () => {
  expect(both("Ada Kim", "Bob Stone")).toEqual(["[Ada Kim]", "[Bob Stone]"]);
  expect(both("王芳", "李娜")).toEqual(["[王芳]", "[李娜]"]);
});

it("marks one sign of a Chinese name", () => {
  expect(both("欧阳娜娜", "欧阳娜")).toEqual(["欧阳娜[娜]", "欧阳娜"]);
});

it("leaves nothing out, whatever the letters are", () => {
  for (const [left, right] of [
    ["", "Ada"],
    ["👩‍🚀 Ada", "👩 Ada"],
    ["a".repeat(400), "a".repeat(399)],
    ["İstanbul", "istanbul"],
  ] as const) {
    const pieces = differences(left, right);
    expect(pieces.left.map(({ text }) => text).join("")).toBe(left);
    expect(pieces.right.map(({ text }) => text).join("")).toBe(right);
  }
});
