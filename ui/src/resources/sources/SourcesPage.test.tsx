import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

it("shows whether all that came was kept, in a picture and in figures", async () => {
  const { user, container } = await renderApp("/sources");

  const strip = await screen.findByRole("img", { name: /^Web shop: 8,824 came/ });
  expect(strip).toHaveAccessibleName(/on 5 days with data the sums differ on 1$/);
  expect(screen.getByText("7 items are unaccounted for")).toBeVisible();
  expect(screen.getByText("Nothing came in these days")).toBeVisible();

  await user.click(screen.getByRole("link", { name: "Web shop" }));
  const table = await screen.findByRole("table", { name: "Days of Web shop" });
  expect(within(table).getByText("not a time")).toBeVisible();
  expect(within(table).getByText("Not an e-mail address")).toBeVisible();
  await expectAccessible(container);
});

it("a new source gets a key that is shown once, and that can be revoked", async () => {
  const { user } = await renderApp("/sources");

  await user.click(await screen.findByRole("button", { name: "New source" }));
  await user.type(screen.getByLabelText("Name"), "Loyalty app");
  await user.click(screen.getByRole("button", { name: "Add" }));
  await screen.findByRole("heading", { name: "Loyalty app" });

  await user.click(screen.getByRole("button", { name: "New key" }));
  const dialog = await screen.findByRole("dialog", { name: "The new key of Loyalty app" });
  await expectAccessible(dialog);
  expect(within(dialog).getByText(/^wk_[0-9a-f]{32}$/)).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Close" }));
  expect(screen.queryByText(/^wk_[0-9a-f]{32}$/)).toBeNull();

  await user.click(await screen.findByRole("button", { name: /^Revoke: wk_/ }));
  const question = screen.getByRole("dialog", { name: "Revoke this key?" });
  await user.click(within(question).getByRole("button", { name: "Revoke" }));
  expect(await screen.findByText(/^revoked /)).toBeVisible();
  expect(screen.queryByRole("button", { name: /^Revoke/ })).toBeNull();
});

it("who may not administer sees what came and no keys", async () => {
  const { user } = await renderApp("/sources", { role: "member" });

  await user.click(await screen.findByRole("link", { name: "Web shop" }));
  await screen.findByRole("table", { name: "Days of Web shop" });
  expect(screen.queryByRole("button", { name: "New source" })).toBeNull();
  expect(screen.queryByText("Write keys")).toBeNull();
});
