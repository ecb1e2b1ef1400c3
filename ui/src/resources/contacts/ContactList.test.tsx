import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { ApiError } from "@/api/problem";
import { expectAccessible, renderApp } from "@/test/render";

const rows = () => screen.getAllByRole("row").slice(1);
const nameOf = (row: HTMLElement) =>
  within(row)
    .getByRole("link")
    .textContent?.replace(/^[A-Z]{2}|^\p{Script=Han}(?=\p{Script=Han})/u, "");

async function openList(path = "/contacts") {
  const app = await renderApp(path);
  await screen.findByRole("grid");
  return app;
}

it("an edit shows at once, is called saved after the commit, and can be undone", async () => {
  const { user, data } = await openList();
  const before = data.data.contacts.length;
  const link = within(rows()[0]!).getByRole("link");
  const id = link.getAttribute("href")!.split("/").at(-1)!;
  const old = data.data.contacts.find((contact) => contact.id === id)!.name;

  fireEvent.keyDown(document.body, { key: "j" });
  fireEvent.keyDown(document.body, { key: "e" });
  const field = await screen.findByRole("textbox", { name: `Edit Name of ${old}` });
  await user.clear(field);
  await user.type(field, "Ada Lovelace{Enter}");

  expect(await screen.findByText(/Saved: Name/)).toBeInTheDocument();
  expect(data.data.contacts.find((contact) => contact.id === id)!.name).toBe("Ada Lovelace");
  expect(nameOf(rows()[0]!)).toBe("Ada Lovelace");

  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(data.data.contacts.find((contact) => contact.id === id)!.name).toBe(old));
  expect(data.data.contacts).toHaveLength(before);
});

async function rename(user: Awaited<ReturnType<typeof openList>>["user"], name: string) {
  const nSaved = screen.queryAllByText(/^Saved: Name/).length;
  fireEvent.keyDown(document.body, { key: "e" });
  const field = await screen.findByRole("textbox", { name: /Edit Name/ });
  await user.clear(field);
  await user.type(field, `${name}{Enter}`);
  await waitFor(() => expect(screen.getAllByText(/^Saved: Name/)).toHaveLength(nSaved + 1));
}

it("Ctrl+Z takes the last edit back", async () => {
  const { user, data } = await openList();
  const old = nameOf(rows()[0]!);
  fireEvent.keyDown(document.body, { key: "j" });
  await rename(user, "Ada Lovelace");

  fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });

  expect(await screen.findByText(/^Undone: Name/)).toBeInTheDocument();
  expect(data.data.contacts.some(({ name }) => name === "Ada Lovelace")).toBe(false);
  expect(nameOf(rows()[0]!)).toBe(old);
});

it("an edit is not undone over a later one of the same field", async () => {
  const { user } = await openList();
  fireEvent.keyDown(document.body, { key: "j" });
  await rename(user, "Ada Lovelace");
  const undo = screen.getByRole("button", { name: "Undo" });
  await rename(user, "Grace Hopper");

  await user.click(undo);

  expect(await screen.findByText(/^Not undone: .* was changed since$/)).toBeInTheDocument();
  expect(nameOf(rows()[0]!)).toBe("Grace Hopper");
});

it("a label for many is one notice with one way back", async () => {
  const { user, data } = await openList();
  await user.click(within(rows()[0]!).getByRole("checkbox"));
  await user.click(within(rows()[1]!).getByRole("checkbox"));

  await user.click(screen.getByRole("button", { name: "Add tag" }));
  await user.type(await screen.findByRole("textbox", { name: "Tag" }), "autumn{Enter}");

  expect(await screen.findByText("Saved: tag “autumn” of 2 records")).toBeInTheDocument();
  const n = () => data.data.contacts.filter(({ tags }) => tags.includes("autumn")).length;
  expect(n()).toBe(2);
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(n()).toBe(0));
});

it("an edit that the server refuses is taken back and said", async () => {
  const { user, data } = await openList();
  data.update = () =>
    Promise.reject(
      new ApiError(422, "invalid", "", [{ pointer: "/name", code: "too_long", message: "is too long" }]),
    );
  const old = nameOf(rows()[0]!);

  fireEvent.keyDown(document.body, { key: "j" });
  fireEvent.keyDown(document.body, { key: "e" });
  await user.type(await screen.findByRole("textbox", { name: /Edit Name/ }), "x{Enter}");

  expect(await screen.findByText("is too long")).toBeInTheDocument();
  expect(nameOf(rows()[0]!)).toBe(old);
});

it("Escape gives an edit up", async () => {
  const { user, data } = await openList();
  const update = data.update;
  let n = 0;
  data.update = (...all) => ((n += 1), update(...all));

  fireEvent.keyDown(document.body, { key: "j" });
  fireEvent.keyDown(document.body, { key: "e" });
  await user.type(await screen.findByRole("textbox", { name: /Edit Name/ }), "x{Escape}");

  expect(screen.queryByRole("textbox", { name: /Edit Name/ })).toBeNull();
  expect(n).toBe(0);
});

it("searching narrows the list and stands in the address", async () => {
  const { user, history, data } = await openList();
  const wanted = data.data.contacts.find((contact) => contact.email)!;

  await user.type(screen.getByRole("searchbox", { name: "Search contacts…" }), wanted.email!);

  await waitFor(() => expect(rows()).toHaveLength(1));
  expect(history.location.search).toContain("q=customer");
});

it("the list of an address is that of the address", async () => {
  const { data } = await openList("/contacts?filter=country:eq:China&sort=total_spent");

  const china = data.data.contacts
    .filter((contact) => contact.address.country === "China")
    .sort((a, b) => a.total_spent!.amount_minor - b.total_spent!.amount_minor);
  expect(screen.getByText(`${china.length} records`)).toBeInTheDocument();
  expect(within(rows()[0]!).getByRole("link")).toHaveAttribute("href", `/contacts/${china[0]!.id}`);
  expect(screen.getByRole("columnheader", { name: "Spent" })).toHaveAttribute("aria-sort", "ascending");
});

it("a filter can be taken off by its chip", async () => {
  const { user, history } = await openList("/contacts?filter=country:eq:China");

  await user.click(screen.getByRole("button", { name: "Remove filter: Country is China" }));

  await waitFor(() => expect(history.location.search).toBe(""));
});

it("nothing found offers to clear the search", async () => {
  const { user } = await renderApp("/contacts?q=zzzzzzzz");

  await user.click(await screen.findByRole("button", { name: "Clear search and filters" }));

  expect(await screen.findByRole("grid")).toBeInTheDocument();
});

it("selected rows raise a bar, and x selects by the keyboard", async () => {
  const { user } = await openList();

  fireEvent.keyDown(document.body, { key: "j" });
  fireEvent.keyDown(document.body, { key: "x" });
  await user.click(within(rows()[2]!).getByRole("checkbox"));

  const bar = screen.getByRole("region", { name: "Selected rows" });
  expect(bar).toHaveTextContent("2 selected");
  await user.click(within(bar).getByRole("button", { name: "Clear the selection" }));
  expect(screen.queryByRole("region", { name: "Selected rows" })).toBeNull();
});

it("Tab leads to one row, arrows walk from there, and the row keeps its place when it moves", async () => {
  const { user, history } = await openList();
  const grid = screen.getByRole("grid", { name: "Contacts" });
  expect(grid).toHaveAttribute("aria-multiselectable", "true");
  expect(rows().map((row) => row.tabIndex)).toEqual([
    0,
    ...rows()
      .slice(1)
      .map(() => -1),
  ]);

  rows()[0]!.focus();
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
  expect(rows()[1]).toHaveFocus();
  expect(rows()[1]!.tabIndex).toBe(0);

  await user.keyboard(" ");
  expect(rows()[1]).toHaveAttribute("aria-selected", "true");
  const href = within(rows()[1]!).getByRole("link").getAttribute("href")!;
  await user.keyboard("{Enter}");
  await waitFor(() => expect(history.location.pathname).toBe(href));
});

it("a new contact is made in a dialog and opened", async () => {
  const { user, history, baseElement } = await openList("/contacts?new=1");

  const dialog = await screen.findByRole("dialog", { name: "New contact" });
  await user.type(within(dialog).getByLabelText("Name"), "Grace Hopper");
  await expectAccessible(baseElement);
  await user.click(within(dialog).getByRole("button", { name: "Create contact" }));

  expect(await screen.findByRole("heading", { level: 1, name: "Grace Hopper" })).toBeInTheDocument();
  expect(history.location.pathname).toMatch(/^\/contacts\/.+/);
});
