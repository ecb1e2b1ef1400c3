import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { memoryProvider } from "@/api/memory";
import { renderApp } from "@/test/render";

const [contact] = memoryProvider({ customers: 30 }).data.contacts;
const offered = () =>
  within(screen.getByLabelText("Owner"))
    .getAllByRole("option")
    .map((o) => o.textContent);

it("a member can give a record to everybody, not only to himself", async () => {
  await renderApp(`/contacts/${contact!.id}`, { role: "member" });
  await screen.findByLabelText("Owner");

  await waitFor(() =>
    expect(offered()).toEqual(expect.arrayContaining(["Marta Keller", "Sam Price", "王静"])),
  );
});

it("a user who left is offered no more, but shown where still in charge", async () => {
  const { data, history } = await renderApp("/tasks");
  const [, sam, jing] = data.data.users;
  sam!.disabled_at = jing!.disabled_at = "2026-10-01T00:00:00Z";
  data.data.contacts[0]!.owner = { id: sam!.id, name: sam!.name };
  await screen.findByRole("grid");

  history.push(`/contacts/${contact!.id}`);
  expect(await screen.findByLabelText("Owner")).toHaveDisplayValue("Sam Price");
  await waitFor(() => expect(offered()).toContain("Marta Keller"));
  expect(offered()).not.toContain("王静");
});

it("a list still tells by name whose records it shows, also of one who left", async () => {
  const { data, history } = await renderApp("/");
  const sam = data.data.users[1]!;
  sam.disabled_at = "2026-10-01T00:00:00Z";

  history.push(`/contacts?filter=owner_id:eq:${sam.id}`);

  expect(await screen.findByRole("button", { name: "Owner is Sam Price" })).toBeInTheDocument();
});
