import { beforeAll, expect, it } from "vitest";

import { ApiError } from "@/api/problem";
import { loadTexts, startI18n } from "@/i18n";
import { refusalOf } from "./refusal";

beforeAll(async () => {
  await startI18n("en");
  await loadTexts("problem");
});

const REQUIRED = "Fill this in.";
const refused = (...pointers: string[]) =>
  refusalOf(
    new ApiError(
      422,
      "invalid",
      "",
      pointers.map((pointer) => ({ pointer, code: "required", message: "give a value" })),
    ),
  );

it("a custom field is not taken for the field of the same name", () => {
  const refusal = refused("/custom/name");

  expect(refusal.of("name")).toBeUndefined();
  expect(refusal.of("custom/name")).toBe(REQUIRED);
  expect(refusal.rest()).toBeUndefined();
});

it("a key that another one begins with is another one", () => {
  expect(refused("/custom/size_eu").of("custom/size")).toBeUndefined();
});

it("a custom field that nothing has said is named in the rest", () => {
  expect(refused("/custom/size").rest()).toBe(`custom.size: ${REQUIRED}`);
});

it("a part stands for its field, and what is said is not said twice", () => {
  const refusal = refused("/subject/id", "/title");

  expect(refusal.of("subject")).toBe(REQUIRED);
  expect(refusal.rest()).toBe(REQUIRED);
  expect(refusal.of("title")).toBe(REQUIRED);
  expect(refusal.rest()).toBeUndefined();
});

it("an error without fields is the rest, and no error says nothing", () => {
  expect(refusalOf(new ApiError(0, "offline", "")).rest()).toBe("The server cannot be reached.");
  expect(refusalOf(null).rest()).toBeUndefined();
});
