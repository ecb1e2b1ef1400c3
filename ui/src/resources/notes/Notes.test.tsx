import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

it.each(["companies", "deals", "tickets"] as const)(
  "notes stand on the page of one of the %s",
  async (of) => {
    const view = await renderApp("/");
    const record = view.data.data[of][0]!;
    await view.history.push(`/${of}/${record.id}`);

    expect(await screen.findByText("No note yet.")).toBeVisible();
    await view.user.type(screen.getByLabelText("New note"), "Called back, wants an offer");
    await view.user.click(screen.getByRole("button", { name: "Add note" }));
    const note = await screen.findByRole("article");
    expect(within(note).getByText("Called back, wants an offer")).toBeVisible();
    await expectAccessible(view.container);

    // The latest first.
    await view.user.type(screen.getByLabelText("New note"), "Sent it");
    await view.user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByText("Sent it");
    expect(screen.getAllByRole("article")[0]).toHaveTextContent("Sent it");
  },
);

it("a viewer reads notes and is not offered to write one", async () => {
  const view = await renderApp("/", { role: "viewer" });
  await view.history.push(`/tickets/${view.data.data.tickets[0]!.id}`);

  expect(await screen.findByText("No note yet.")).toBeVisible();
  expect(screen.queryByLabelText("New note")).toBeNull();
});
