import { describe, expect, it } from "vitest";

import { parseMarkdown, parseSpans } from "./markdown";

const plain = (text: string) => [{ text, style: "plain" }];

describe("a model card", () => {
  it("has headings, paragraphs over several lines, lists and code", () => {
    const card =
      "# Segments\n\nFive segments\nof 4,338 customers.\n- one\n- two\n  more\n\n```\na | b\n```\n## Use";

    expect(parseMarkdown(card)).toEqual([
      { kind: "heading", level: 1, spans: plain("Segments") },
      { kind: "paragraph", spans: plain("Five segments of 4,338 customers.") },
      { kind: "list", isOrdered: false, items: [plain("one"), plain("two more")] },
      { kind: "code", text: "a | b" },
      { kind: "heading", level: 2, spans: plain("Use") },
    ]);
  });

  it("has tables, also with an empty corner", () => {
    const card = "| | this model | baseline (rfm) |\n|---|---|---|\n| silhouette | 0.412 | 0.301 |\n\nafter";

    expect(parseMarkdown(card)).toEqual([
      {
        kind: "table",
        head: [[], plain("this model"), plain("baseline (rfm)")],
        rows: [[plain("silhouette"), plain("0.412"), plain("0.301")]],
      },
      { kind: "paragraph", spans: plain("after") },
    ]);
  });

  it("numbers a list that is numbered", () => {
    expect(parseMarkdown("1. a\n2. b")).toMatchObject([{ kind: "list", isOrdered: true }]);
  });

  it("ends with a code block that nobody closed", () => {
    expect(parseMarkdown("```\nrest")).toEqual([{ kind: "code", text: "rest" }]);
  });

  it("is read in no time, however odd", () => {
    const odd = `${"*a ".repeat(5_000)}\n${"|".repeat(5_000)}\n${"- ".repeat(5_000)}`;
    const start = performance.now();

    parseMarkdown(odd);

    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

it("words are strong, emphasized or code, and nothing else", () => {
  expect(parseSpans("**Loyal** (`vip`), *not* <b>bold</b>, [link](javascript:alert(1))")).toEqual([
    { text: "Loyal", style: "strong" },
    { text: " (", style: "plain" },
    { text: "vip", style: "code" },
    { text: "), ", style: "plain" },
    { text: "not", style: "emphasis" },
    { text: " <b>bold</b>, [link](javascript:alert(1))", style: "plain" },
  ]);
});

it("a star that stands alone is a star", () => {
  expect(parseSpans("2 * 3 * 4")).toEqual(plain("2 * 3 * 4"));
});
