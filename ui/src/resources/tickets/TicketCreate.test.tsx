import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

it("a ticket that came by phone is written down and opens", async () => {
  const { user, data } = await renderApp("/tickets?new=1");
  const dialog = await screen.findByRole("dialog", { name: "New ticket" });
  await expectAccessible(dialog);
  const form = within(dialog);
  await user.type(form.getByLabelText("Subject"), "Parcel is wet");
  await user.type(form.getByLabelText("What the customer says"), "The box arrived soaked.");
  await user.selectOptions(form.getByLabelText("Priority"), "High");
  await user.click(form.getByRole("button", { name: "Add" }));

  expect(await screen.findByRole("heading", { level: 1, name: "Parcel is wet" })).toBeVisible();
  expect(screen.getByText("The box arrived soaked.")).toBeVisible();
  const made = data.data.tickets.find(({ subject }) => subject === "Parcel is wet");
  expect(made).toMatchObject({ channel: "phone", priority: "high" });
});
