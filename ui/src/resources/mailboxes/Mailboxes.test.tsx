import { screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

type User = Awaited<ReturnType<typeof renderApp>>["user"];

/** Opens the form of a new mailbox and fills it. */
async function fill(user: User, host: string, password: string) {
  await user.click(await screen.findByRole("button", { name: "New mailbox" }));
  const form = await screen.findByRole("dialog", { name: "New mailbox" });
  await user.type(within(form).getByLabelText("Name"), "Sales");
  await user.type(within(form).getByLabelText("Mail server"), host);
  await user.type(within(form).getByLabelText("Account"), "sales@house.example");
  await user.type(within(form).getByLabelText("Password"), password);
  return form;
}

it("a mailbox is tried, its folders are chosen, and it is read", async () => {
  const { user, data, container } = await renderApp("/settings/mailboxes");
  const sent = vi.spyOn(data, "createMailbox");
  expect(await screen.findByText("No mailbox is read yet")).toBeVisible();
  const form = await fill(user, "imap.house.example", "hunter2");

  await user.click(within(form).getByRole("button", { name: "Try the connection" }));
  expect(await within(form).findByText("The connection works. 3 folders were found.")).toBeVisible();
  await user.click(within(form).getByRole("checkbox", { name: "Sent" }));
  await user.selectOptions(within(form).getByLabelText("Is read"), "every hour");
  await expectAccessible(form);
  await user.click(within(form).getByRole("button", { name: "Add mailbox" }));

  expect(await screen.findByRole("heading", { name: "Sales" })).toBeVisible();
  expect(sent).toHaveBeenCalledWith(
    expect.objectContaining({
      name: "Sales",
      password: "hunter2",
      security: "tls",
      port: 993,
      folders: ["INBOX", "Sent"],
      every_minutes: 60,
    }),
  );
  const list = screen.getByRole("list", { name: "Mailboxes" });
  expect(within(list).getByText("On")).toBeVisible();
  expect(within(list).getByText(/10,398 messages/)).toBeVisible();
  expect(screen.getByText("INBOX, message 17: [SERVERBUG] it cannot be read")).toBeVisible();
  expect(container.innerHTML).not.toContain("hunter2");
  await expectAccessible(container);
});

it("what is wrong with a connection is said in words before anything is saved", async () => {
  const { user } = await renderApp("/settings/mailboxes");
  const form = await fill(user, "imap.house.invalid", "hunter2");
  const tried = within(form).getByRole("button", { name: "Try the connection" });

  await user.click(tried);
  expect(await within(form).findByRole("alert")).toHaveTextContent(
    "Nobody knows the mail server “imap.house.invalid”. Check its spelling.",
  );
  await user.clear(within(form).getByLabelText("Mail server"));
  await user.type(within(form).getByLabelText("Mail server"), "imap.house.example");
  await user.clear(within(form).getByLabelText("Password"));
  await user.type(within(form).getByLabelText("Password"), "wrong");
  await user.click(tried);

  expect(await within(form).findByText(/refuses account or password/)).toHaveTextContent(
    "Invalid credentials",
  );
});

it("a mailbox is paused, goes on, is changed without its password, and removed", async () => {
  const { user, data } = await renderApp("/settings/mailboxes");
  const form = await fill(user, "imap.house.example", "hunter2");
  await user.click(within(form).getByRole("button", { name: "Add mailbox" }));
  const changed = vi.spyOn(data, "updateMailbox");

  await user.click(await screen.findByRole("button", { name: "Pause" }));
  expect(await screen.findByRole("button", { name: "Go on" })).toBeVisible();
  expect(within(screen.getByRole("list", { name: "Mailboxes" })).getByText("Paused")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Go on" }));
  await user.click(await screen.findByRole("button", { name: "Change mailbox" }));
  const dialog = await screen.findByRole("dialog", { name: "Change mailbox" });
  expect(within(dialog).queryByLabelText("Name")).toBeNull();
  expect(within(dialog).getByLabelText("Password")).not.toBeRequired();
  await user.selectOptions(within(dialog).getByLabelText("Is read"), "only when asked");
  await user.click(within(dialog).getByRole("button", { name: "Save mailbox" }));
  expect(await screen.findAllByText("Only when asked")).not.toHaveLength(0);
  expect(changed.mock.lastCall?.[2]).toMatchObject({ every_minutes: null });
  expect(changed.mock.lastCall?.[2]).not.toHaveProperty("password");

  await user.click(screen.getByRole("button", { name: "Remove" }));
  const sure = await screen.findByRole("dialog", { name: "Remove the mailbox Sales?" });
  await user.click(within(sure).getByRole("button", { name: "Remove" }));
  expect(await screen.findByText("No mailbox is read yet")).toBeVisible();
});

it("a refresh token needs an endpoint and a client beside it", async () => {
  const { user, data } = await renderApp("/settings/mailboxes");
  const sent = vi.spyOn(data, "createMailbox");
  const form = await fill(user, "imap.house.example", "hunter2");

  await user.selectOptions(within(form).getByLabelText("Signs in with"), "OAuth, renewed by itself");
  await user.type(within(form).getByLabelText("Token endpoint"), "https://login.example/token");
  await user.type(within(form).getByLabelText("Client ID"), "rapport");
  await user.type(within(form).getByLabelText("Refresh token"), "1//secret");
  await expectAccessible(form);
  await user.click(within(form).getByRole("button", { name: "Add mailbox" }));

  expect(await screen.findByRole("heading", { name: "Sales" })).toBeVisible();
  expect(sent.mock.lastCall?.[0]).toMatchObject({
    proof: "refresh_token",
    refresh_token: "1//secret",
    token_endpoint: "https://login.example/token",
    client_id: "rapport",
  });
  expect(sent.mock.lastCall?.[0]).not.toHaveProperty("password");
});

it("who is no administrator sees no mailboxes", async () => {
  await renderApp("/settings/mailboxes", { role: "member" });

  expect(await screen.findByText("Not allowed")).toBeVisible();
});
