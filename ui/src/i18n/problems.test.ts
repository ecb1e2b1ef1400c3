import { beforeEach, expect, it } from "vitest";

import { ApiError } from "@/api/problem";
import { startI18n, switchLanguage } from ".";
import { messageOf, problemText } from "./problems";

beforeEach(() => startI18n("en"));

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
