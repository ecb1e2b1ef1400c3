import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { memoryProvider } from "@/api/memory";
import { ApiError } from "@/api/problem";
import { builtInPolicy } from "@/resources/access/roleModel";
import { expectAccessible, renderApp } from "@/test/render";

/** The make-believe company is the same in each test, so its best customer is known before. */
const best = [...memoryProvider({ customers: 30 }).data.contacts].sort((a, b) => b.n_orders - a.n_orders)[0]!;
const path = `/contacts/${best.id}`;

it("shows who it is, what happened and what the numbers say", async () => {
  const { container } = await renderApp(path);

  expect(await screen.findByRole("heading", { level: 1, name: best.name })).toBeInTheDocument();
  expect(screen.getByRole("heading", { name: "Made of these sources" })).toBeInTheDocument();
  expect(screen.getByText("Why in this segment")).toBeInTheDocument();
  expect(screen.getByRole("meter", { name: /^Orders: higher than/ })).toBeInTheDocument();
  expect(await screen.findAllByText("Order")).not.toHaveLength(0);
  await expectAccessible(container);
});

it("a note is added to the timeline", async () => {
  const { user } = await renderApp(path);

  await user.type(await screen.findByLabelText("New note"), "Likes lanterns");
  await user.click(screen.getByRole("button", { name: "Add note" }));

  expect(await screen.findByText("Likes lanterns")).toBeInTheDocument();
  expect(screen.getByLabelText("New note")).toHaveValue("");
});

it("a field is changed in place and the list knows it, too", async () => {
  const { user, data } = await renderApp(path);

  await user.click(await screen.findByRole("button", { name: /^City: / }));
  const field = screen.getByRole("textbox", { name: "City" });
  await user.clear(field);
  await user.type(field, "Lyon{Enter}");

  expect(await screen.findByText("Saved: City")).toBeInTheDocument();
  expect(data.data.contacts.find(({ id }) => id === best.id)?.address).toMatchObject({
    city: "Lyon",
    country: best.address.country,
  });
});

it("every value leads to the rows that it comes from", async () => {
  const { user } = await renderApp(path);

  await user.click(await screen.findByRole("button", { name: "Show source records" }));

  const dialog = await screen.findByRole("dialog", { name: "Source records" });
  expect((await within(dialog).findAllByText("InvoiceNo"))[0]).toBeInTheDocument();
  expect(within(dialog).getAllByRole("link", { name: "Open import" })[0]).toBeInTheDocument();
});

it("the chart of spending is also a table", async () => {
  const { user } = await renderApp(path);

  await user.click(await screen.findByRole("button", { name: "Show as table" }));

  expect(screen.getByRole("table", { name: "Spending by month" })).toBeInTheDocument();
});

it("the timeline is narrowed to what is asked for", async () => {
  const { user } = await renderApp(path);
  expect(await screen.findAllByText("Viewed")).not.toHaveLength(0);

  await user.click(screen.getByRole("button", { name: "Orders" }));

  expect(screen.getByRole("button", { name: "Orders" })).toHaveAttribute("aria-pressed", "true");
  expect(screen.queryByText("Viewed")).toBeNull();
  expect(screen.getAllByText("Order")).not.toHaveLength(0);
});

it("what was begun about one customer does not move on to the next", async () => {
  const other = memoryProvider({ customers: 30 }).data.contacts.find(({ id }) => id !== best.id)!;
  const { user, history } = await renderApp(`/contacts/${other.id}`);
  await screen.findByRole("heading", { level: 1, name: other.name });
  history.push(path);
  await screen.findByRole("heading", { level: 1, name: best.name });
  await user.type(screen.getByLabelText("New note"), "Likes lanterns");
  await user.type(screen.getByLabelText("New task"), "Send lanterns");

  history.push(`/contacts/${other.id}`);

  await screen.findByRole("heading", { level: 1, name: other.name });
  expect(screen.getByLabelText("New note")).toHaveValue("");
  expect(screen.getByLabelText("New task")).toHaveValue("");
});

it("a note is saved once, and nothing typed meanwhile is lost", async () => {
  const { user, data } = await renderApp(path);
  const createNote = data.createNote;
  const saved: (() => void)[] = [];
  data.createNote = async (...all) => {
    await new Promise<void>((resolve) => saved.push(resolve));
    return createNote(...all);
  };
  const field = await screen.findByLabelText("New note");
  await user.type(field, "Likes lanterns");

  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(field).toBeDisabled());
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true, repeat: true });
  await waitFor(() => expect(saved).not.toHaveLength(0));
  expect(saved).toHaveLength(1);

  saved[0]!();
  await waitFor(() => expect(field).toHaveValue(""));
  expect(field).toBeEnabled();
});

it("a person is forgotten after a question that names what goes", async () => {
  const { user, data, history } = await renderApp(path);
  await user.click(await screen.findByRole("button", { name: "Erase personal data" }));
  const dialog = await screen.findByRole("dialog", { name: `Erase personal data of ${best.name}?` });
  expect(within(dialog).getByText(/^The contact itself/)).toBeVisible();
  await expectAccessible(dialog);

  await user.click(within(dialog).getByRole("button", { name: "Erase for good" }));

  expect(await screen.findByText(/lost (its|their) values$/)).toBeVisible();
  await waitFor(() => expect(history.location.pathname).toBe("/contacts"));
  expect(data.data.contacts.some(({ id }) => id === best.id)).toBe(false);
});

it("the contact stays where only the audit is to forget", async () => {
  const { user, data, history } = await renderApp(path);
  await user.click(await screen.findByRole("button", { name: "Erase personal data" }));
  const dialog = await screen.findByRole("dialog");

  await user.click(within(dialog).getByRole("checkbox", { name: "Delete the contact, too" }));
  expect(within(dialog).getByText("The contact as it is now")).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Erase for good" }));

  expect(await screen.findByText(/lost (its|their) values$/)).toBeVisible();
  expect(history.location.pathname).toBe(path);
  expect(data.data.contacts.some(({ id }) => id === best.id)).toBe(true);
});

it("what fails after the deletion is done again without it", async () => {
  const { user, data } = await renderApp(path);
  const erase = vi.spyOn(data, "eraseAudit");
  erase.mockRejectedValueOnce(new ApiError(503, "unavailable", "not now"));
  const deletion = vi.spyOn(data, "deleteContact");
  await user.click(await screen.findByRole("button", { name: "Erase personal data" }));
  const dialog = await screen.findByRole("dialog");

  await user.click(within(dialog).getByRole("button", { name: "Erase for good" }));
  expect(await within(dialog).findByRole("alert")).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Erase for good" }));

  expect(await screen.findByText(/lost (its|their) values$/)).toBeVisible();
  expect(deletion).toHaveBeenCalledTimes(1);
});

it.each(["member", "viewer"] as const)("a %s is not offered to erase", async (role) => {
  await renderApp(path, { role });
  await screen.findByRole("heading", { level: 1, name: best.name });

  expect(screen.queryByRole("button", { name: "Erase personal data" })).toBeNull();
});

it("no task is added where the role does not say what tasks are about", async () => {
  const fields = { task: { subject: "read_only" } } as const;
  await renderApp(path, { role: "member", policy: { ...builtInPolicy("member"), fields } });

  expect(await screen.findByRole("heading", { level: 1, name: best.name })).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByLabelText("New task")).toBeNull());
});
