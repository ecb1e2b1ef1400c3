import { screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

const ADDRESS = "https://example.com/hook";

/** Fills the form of a new webhook and makes it; the secret stands in a dialog then. */
async function make(user: Awaited<ReturnType<typeof renderApp>>["user"], address: string) {
  await user.click(await screen.findByRole("button", { name: "New webhook" }));
  const form = await screen.findByRole("dialog", { name: "New webhook" });
  expect(within(form).getByRole("button", { name: "Make webhook" })).toBeDisabled();
  await user.type(within(form).getByLabelText("Address"), address);
  await user.click(within(form).getByRole("checkbox", { name: "Contacts: made" }));
  await user.click(within(form).getByRole("checkbox", { name: "All of Deals" }));
  await expectAccessible(form);
  await user.click(within(form).getByRole("button", { name: "Make webhook" }));
}

it("a webhook is made of an address and types, and its secret is shown once", async () => {
  const { user, data, container } = await renderApp("/settings/webhooks");
  const sent = vi.spyOn(data, "createWebhook");
  expect(await screen.findByText("Nobody is told yet")).toBeVisible();

  await make(user, ADDRESS);

  const dialog = await screen.findByRole("dialog", { name: "The secret of the new webhook" });
  expect(within(dialog).getByLabelText<HTMLInputElement>("Secret").value).toMatch(/^whsec_/);
  expect(sent).toHaveBeenCalledWith({
    url: ADDRESS,
    description: "",
    types: ["contact.created", "deal.won", "deal.lost"],
    with_imports: false,
  });
  await user.click(within(dialog).getByRole("button", { name: "Close" }));
  const list = await screen.findByRole("list", { name: "Webhooks" });
  expect(within(list).getByText("On")).toBeVisible();
  expect(
    within(list).getByRole("img", { name: "The latest deliveries: 1 taken, 1 failed, 0 waiting" }),
  ).toBeVisible();
  await expectAccessible(container);
});

it("what the server refuses is said at its field", async () => {
  const { user } = await renderApp("/settings/webhooks");

  await make(user, "http://example.com/hook");

  const form = await screen.findByRole("dialog", { name: "New webhook" });
  expect(await within(form).findByText(/must begin with https/)).toBeVisible();
  expect(within(form).getByLabelText("Address")).toBeInvalid();
});

it("a delivery shows what was sent and why it failed, and is sent again", async () => {
  const { user, data } = await renderApp("/settings/webhooks");
  const replayed = vi.spyOn(data, "replayWebhookDelivery");
  await make(user, ADDRESS);
  await user.click(await screen.findByRole("button", { name: "Close" }));

  await user.click(await screen.findByRole("button", { name: "Failed" }));
  const row = await screen.findByRole("button", { name: /^Show contact.updated of/ });
  expect(screen.queryByRole("button", { name: /^Show contact.created of/ })).toBeNull();
  await user.click(row);

  const dialog = await screen.findByRole("dialog", { name: "contact.updated" });
  expect(within(dialog).getByText("no answer within 15 s")).toBeVisible();
  expect(within(dialog).getByRole("region", { name: "What is sent" })).toHaveTextContent("contact.updated");
  await expectAccessible(dialog);
  await user.click(within(dialog).getByRole("button", { name: "Send again" }));
  expect(await screen.findByText("It is sent again")).toBeVisible();
  expect(replayed).toHaveBeenCalledOnce();
});

it("a webhook is tested, switched off, given another secret and deleted", async () => {
  const { user } = await renderApp("/settings/webhooks");
  await make(user, ADDRESS);
  await user.click(await screen.findByRole("button", { name: "Close" }));

  await user.click(await screen.findByRole("button", { name: "Send a test" }));
  expect(await screen.findByText("The receiver took the test (204, 42 ms)")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Switch off" }));
  expect(await screen.findByText("Off")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "New secret" }));
  const asked = await screen.findByRole("dialog", { name: "Draw a new secret?" });
  await user.click(within(asked).getByRole("button", { name: "New secret" }));
  const drawn = await screen.findByRole("dialog", { name: "The new secret" });
  expect(within(drawn).getByText(/signed with the old secret, too/)).toBeVisible();
  await user.click(within(drawn).getByRole("button", { name: "Close" }));
  await user.click(screen.getByRole("button", { name: "Delete" }));
  const sure = await screen.findByRole("dialog", { name: "Delete this webhook?" });
  await user.click(within(sure).getByRole("button", { name: "Delete" }));

  expect(await screen.findByText("Nobody is told yet")).toBeVisible();
});

it("who may not keep webhooks is told so", async () => {
  await renderApp("/settings/webhooks", { role: "member" });

  expect(await screen.findByRole("heading", { name: "Webhooks" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "New webhook" })).toBeNull();
});

it("the screen speaks Chinese", async () => {
  await renderApp("/settings/webhooks", { language: "zh" });

  expect(await screen.findByText("还没有通知任何系统")).toBeVisible();
});
