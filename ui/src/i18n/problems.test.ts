/// <reference types="node" />
import i18next from "i18next";
import { readdirSync, readFileSync } from "node:fs";
import { beforeEach, expect, it } from "vitest";

import { ApiError } from "@/api/problem";
import { loadTexts, startI18n, switchLanguage } from ".";
import { messageOf, problemText } from "./problems";

beforeEach(async () => {
  await startI18n("en");
  await loadTexts("problem");
});

it("a problem is said in the reader's language by its code", async () => {
  const conflict = new ApiError(412, "version_conflict", "the contact has version 4");

  expect(messageOf(conflict)).toBe("Somebody else changed this record meanwhile.");
  await switchLanguage("zh");
  expect(messageOf(conflict)).toBe("其他人刚刚修改了这条记录。");
});

it("the broken rule says more than the problem as a whole, and keeps its number", () => {
  const violation = { pointer: "/name", code: "too_long", message: "must have at most 200 characters" };

  expect(messageOf(new ApiError(422, "invalid", "", [violation]))).toBe("At most 200 characters.");
});

it("a code of a newer server is said in the server's words", () => {
  expect(problemText({ code: "too_blue", message: "choose another color" })).toBe("choose another color");
  expect(problemText({ code: "too_long", message: "is too long" })).toBe("is too long");
});

it("a filter that is too long is said without the limits of other texts", async () => {
  const message =
    "the filter of city is too long; name at most 500 values, or a text of at most 200 characters";
  const refused = (pointer: string) =>
    messageOf(new ApiError(400, "too_long", message, [{ pointer, code: "too_long", message }]));

  expect(refused("?filter")).toBe("A filter of this address is too long.");
  expect(refused("/name")).toBe(message);
  await switchLanguage("zh");
  expect(refused("?filter")).toBe("此地址中的筛选条件过长。");
});

it("both ends of a range are kept", () => {
  const violation = { code: "bad_length", message: "a password has 8 to 1024 characters" };

  expect(problemText(violation)).toBe("Between 8 and 1024 characters.");
});

/** The codes in the sources of the server, of problems and of single broken rules. */
function serverCodes(): string[] {
  const folders = ["server/src", "domain/src", "store/src", "pipelines/src", "ingest/src/mapping"];
  const codes = folders.flatMap((folder) =>
    readdirSync(`../crates/${folder}`, { recursive: true, encoding: "utf8" })
      // Events come from libraries, which read no texts.
      .filter((name) => name.endsWith(".rs") && !(folder === "server/src" && name.startsWith("events/")))
      .flatMap((name) => codesIn(name, readFileSync(`../crates/${folder}/${name}`, "utf8"))),
  );
  // These answer programs that watch the server.
  return [...new Set(codes)].filter((code) => code !== "not_ready" && code !== "token_missing");
}

/** Where errors are translated every word is a code; elsewhere it is the first word that a constructor gets. */
function codesIn(name: string, source: string): string[] {
  const text = source.split("#[cfg(test)]")[0]!;
  // What bars a merge that nobody looks at is kept with the pair, and shown later.
  if (name.endsWith("match_pairs/join.rs"))
    return [...text.matchAll(/=> "([a-z_]+)"/g)].map(([, code]) => code!);
  const pattern = /error\/(convert|mod)|edge\/problems|(models|identity_log)\/refusal/.test(name)
    ? /"([a-z_]+)"/g
    : /(?:ApiError|Violation|Invalid)::(?:new|one|bad_request|unprocessable)\([^;]*?"([a-z_]\w*)"/g;
  return [...text.matchAll(pattern)].map(([, code]) => code!);
}

it.each(["en", "zh"] as const)("every code of the server has a text in %s", async (language) => {
  const codes = serverCodes();
  expect(codes).toEqual(
    expect.arrayContaining(["version_conflict", "wrong_shape", "no_such_step", "bad_tags"]),
  );
  await switchLanguage(language);

  const texts = i18next.getResourceBundle(language, "translation") as { problem: Record<string, string> };
  expect(codes.filter((code) => !(code in texts.problem))).toEqual([]);
  // Nor is there a text that nobody says; "offline" is the browser's.
  const said = Object.keys(texts.problem).map((key) => key.split("?")[0]!);
  expect(said.filter((code) => code !== "offline" && !codes.includes(code))).toEqual([]);
});
