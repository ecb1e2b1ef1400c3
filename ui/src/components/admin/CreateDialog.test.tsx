import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { ApiError } from "@/api/problem";
import { renderApp } from "@/test/render";

interface Said {
  pointer: string;
  code: string;
}

/** The dialog for a new task, which the server refuses for these reasons. */
async function refused(said: Said[]) {
  const { user, data } = await renderApp("/tasks?new=1");
  const dialog = await screen.findByRole("dialog", { name: "New task" });
  const errors = said.map((one) => ({ ...one, message: "must have at most 500 characters" }));
  data.create = () => Promise.reject(new ApiError(422, "invalid", "", errors));
  await user.type(within(dialog).getByLabelText("Task"), "Call back");
  await user.click(within(dialog).getByRole("button", { name: "Add" }));
  return dialog;
}

const GONE = "It names a record that is not there. Choose another or none.";
const TOO_LONG = "At most 500 characters.";

it("a refused part of a reference is said at its field", async () => {
  const dialog = await refused([{ pointer: "/subject/id", code: "unknown_reference" }]);

  expect(await within(dialog).findByText(GONE)).toBeInTheDocument();
  expect(within(dialog).getByRole("combobox", { name: "Customer" })).toHaveAccessibleDescription(GONE);
  expect(within(dialog).queryByRole("alert")).toBeNull();
});

it("what no field of the form is about is said below them", async () => {
  const dialog = await refused([{ pointer: "/custom/size", code: "too_long" }]);

  expect(await within(dialog).findByRole("alert")).toHaveTextContent(TOO_LONG);
});

it("a rule that a field says does not hide one that none says", async () => {
  const dialog = await refused([
    { pointer: "/title", code: "too_long" },
    { pointer: "", code: "bad_character" },
  ]);

  expect(await within(dialog).findByRole("alert")).toHaveTextContent("a character that cannot be kept");
  expect(within(dialog).getByLabelText("Task")).toHaveAccessibleDescription(TOO_LONG);
});
