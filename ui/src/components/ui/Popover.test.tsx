import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { lazy } from "react";
import { afterEach, expect, it } from "vitest";

import { Popover } from "./Popover";

afterEach(cleanup);

const Late = lazy(async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { default: () => <input aria-label="Name" /> };
});

function setUp() {
  render(
    <>
      <Popover label="A panel" trigger={<button type="button">Open</button>}>
        <Late />
      </Popover>
      <button type="button">Elsewhere</button>
    </>,
  );
  const button = screen.getByRole("button", { name: "Open" });
  return { button, user: userEvent.setup() };
}

it("the keyboard goes into the panel once all of it is there, and back to the button", async () => {
  const { button, user } = setUp();
  await user.tab();
  expect(button).toHaveFocus();
  expect(button).toHaveAttribute("aria-expanded", "false");

  await user.keyboard("{Enter}");
  expect(button).toHaveFocus();
  expect(button).toHaveAttribute("aria-expanded", "true");

  const field = await screen.findByLabelText("Name");
  const panel = screen.getByRole("dialog", { name: "A panel" });
  expect(button).toHaveAttribute("aria-controls", panel.id);
  await waitFor(() => expect(field).toHaveFocus());

  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  await waitFor(() => expect(button).toHaveFocus());
});

it("a second click on the button closes the panel", async () => {
  const { button, user } = setUp();
  await user.click(button);
  await screen.findByRole("dialog");
  await user.click(button);
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  await waitFor(() => expect(button).toHaveFocus());
});

it("who leaves the panel for something else keeps the focus there", async () => {
  const { user } = setUp();
  await user.click(screen.getByRole("button", { name: "Open" }));
  await screen.findByRole("dialog");
  await user.click(screen.getByRole("button", { name: "Elsewhere" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(screen.getByRole("button", { name: "Elsewhere" })).toHaveFocus();
});
