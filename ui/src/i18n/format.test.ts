import { describe, expect, it } from "vitest";

import { en } from "./en";
import { FORMATS, majorUnits } from "./format";
import { zh } from "./zh";

describe("money", () => {
  it("is compact in ten thousands in Chinese", () => {
    expect(FORMATS.zh.money({ amount_minor: 12_000_000, currency: "CNY" }, "compact")).toBe("¥12万");
  });

  it("is compact in thousands in English", () => {
    expect(FORMATS.en.money({ amount_minor: 2_222_700, currency: "GBP" }, "compact")).toBe("£22.2K");
  });

  it("follows the minor unit of its currency", () => {
    expect(majorUnits({ amount_minor: 500, currency: "JPY" })).toBe(500);
    expect(majorUnits({ amount_minor: 500, currency: "USD" })).toBe(5);
  });
});

describe("dates", () => {
  it("read day first in English and by characters in Chinese", () => {
    expect(FORMATS.en.date("2026-11-24T12:00:00Z")).toBe("24 Nov 2026");
    expect(FORMATS.zh.date("2026-11-24T12:00:00Z")).toBe("2026年11月24日");
  });

  it("of a month do not slip into the one before, west of Greenwich", () => {
    expect(FORMATS.en.month("2026-03", "long")).toBe("March 2026");
  });

  it("are told from the given now", () => {
    const now = Date.parse("2026-11-24T12:00:00Z");

    expect(FORMATS.en.ago("2026-11-21T12:00:00Z", now)).toBe("3 days ago");
    expect(FORMATS.zh.ago("2026-11-24T10:00:00Z", now)).toBe("2小时前");
  });
});

it("measures carry their unit", () => {
  expect(FORMATS.en.measure(0.304, "share", "GBP")).toBe("30%");
  expect(FORMATS.en.measure(17.3, "days", "GBP")).toBe("17 days");
  expect(FORMATS.en.measure(1234.5, "money", "GBP")).toBe("£1,235");
});

describe("texts", () => {
  const entries = (tree: object, path = ""): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]): [string, string][] =>
      typeof value === "string" ? [[`${path}${key}`, value]] : entries(value as object, `${path}${key}.`),
    );
  const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
  const chinese = new Map(entries(zh));

  it("name the same values in both languages", () => {
    const differing = entries(en).filter(
      ([key, text]) => places(chinese.get(key) ?? "").join() !== places(text).join(),
    );

    expect(differing).toEqual([]);
  });

  it("are all translated", () => {
    const isName = (key: string) => key === "list.exportAs.parquet";
    const same = entries(en).filter(
      ([key, text]) =>
        !isName(key) && chinese.get(key) === text && /[a-z]{3}/.test(text.replaceAll(/\{\{.*?\}\}/g, "")),
    );

    expect(same).toEqual([]);
  });
});
